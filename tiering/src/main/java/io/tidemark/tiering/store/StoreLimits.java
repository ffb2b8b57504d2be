package io.tidemark.tiering.store;

/** What a store may be asked for at most; rates of {@link ByteRate#UNLIMITED} have no bound. */
public record StoreLimits(
    int concurrentReads, int concurrentWrites, long readBytesPerSecond, long writeBytesPerSecond) {
  public static final StoreLimits DEFAULTS =
      new StoreLimits(64, 16, ByteRate.UNLIMITED, ByteRate.UNLIMITED);

  public StoreLimits {
    if (concurrentReads < 1 || concurrentWrites < 1) {
      throw new IllegalArgumentException("at least one call at once");
    }
    if (readBytesPerSecond < 0 || writeBytesPerSecond < 0) {
      throw new IllegalArgumentException("negative rate");
    }
  }
}
