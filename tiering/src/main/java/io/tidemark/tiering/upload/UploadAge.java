package io.tidemark.tiering.upload;

import java.util.OptionalLong;

/**
 * When an active segment is closed although it is not full, so that a slow topic reaches the bucket
 * too: {@code tiering.upload.max.age.ms} where it is set; else one hour once {@value
 * #WORTHWHILE_BYTES} bytes wait, and a day while it is less, since thousands of tiny objects serve
 * nobody.
 */
public record UploadAge(OptionalLong explicitMs) {
  static final long WORTHWHILE_BYTES = 1 << 20;
  static final long WORTHWHILE_AGE_MS = 3_600_000;
  static final long TINY_AGE_MS = 24 * 3_600_000L;

  /** The default: by how much waits. */
  public static final UploadAge BY_SIZE = new UploadAge(OptionalLong.empty());

  /** The same age for everything. */
  public static UploadAge of(long ageMs) {
    return new UploadAge(OptionalLong.of(ageMs));
  }

  /** The age at which an active segment with this many bytes is closed. */
  public long limitMs(long activeBytes) {
    return explicitMs.orElse(activeBytes >= WORTHWHILE_BYTES ? WORTHWHILE_AGE_MS : TINY_AGE_MS);
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
