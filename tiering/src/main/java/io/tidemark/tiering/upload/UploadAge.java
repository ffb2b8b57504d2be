package io.tidemark.tiering.upload;

/**
 * When an active segment is closed although it is not full, so that a slow topic reaches the bucket
 * too: {@code tiering.upload.max.age.ms} after its first record; while less than {@code smallBytes}
 * wait, {@code smallMaxAgeMs}, since thousands of tiny objects serve nobody.
 */
public record UploadAge(long maxAgeMs, long smallBytes, long smallMaxAgeMs) {
  /** The default: an hour once a mebibyte waits, a day while it is less. */
  public static final UploadAge BY_SIZE = new UploadAge(3_600_000, 1 << 20, 24 * 3_600_000L);

  /** The same age for everything: what an explicit maximum age means. */
  public static UploadAge of(long ageMs) {
    return new UploadAge(ageMs, 0, ageMs);
  }

  /** The age at which an active segment with this many bytes is closed. */
  public long limitMs(long activeBytes) {
    return activeBytes >= smallBytes ? maxAgeMs : smallMaxAgeMs;
  }

  /**
   * Whether the active segment is to be closed now. An empty one never is, so a clock that jumps
   * cannot cause one roll after another.
   *
   * @param ageMs since its first record was seen, on a clock that does not go back
   */
  public boolean closes(long activeBytes, long ageMs) {
    return activeBytes > 0 && ageMs >= limitMs(activeBytes);
  }
}
