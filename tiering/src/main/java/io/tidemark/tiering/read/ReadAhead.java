package io.tidemark.tiering.read;

/**
 * How far ahead of one sequential reader the store is read. The window is what the reader consumes
 * in twice the time that a chunk takes (its bandwidth × the store's latency); it doubles when the
 * reader had to wait all the same, never exceeds four times what the reader has read in sequence,
 * and so stays near nothing for one that jumps about. Not thread-safe.
 */
final class ReadAhead {
  private static final int EARNED_FACTOR = 4;
  private static final double SMOOTHING = 0.3;

  private final int chunkBytes;
  private final long maxBytes;
  private long grownBytes;
  private long sequentialBytes;
  private double bytesPerNs;
  private long lastAdvanceNs = Long.MIN_VALUE;
  private long latencyNs;

  ReadAhead(int chunkBytes, long maxBytes) {
    this.chunkBytes = chunkBytes;
    this.maxBytes = maxBytes;
    this.grownBytes = chunkBytes;
  }

  /** The reader took bytes and will go on behind them. */
  void advanced(int bytes, long nowNs, long storeLatencyNs) {
    if (lastAdvanceNs != Long.MIN_VALUE) {
      double rate = bytes / (double) Math.max(1, nowNs - lastAdvanceNs);
      bytesPerNs = bytesPerNs == 0 ? rate : bytesPerNs + SMOOTHING * (rate - bytesPerNs);
    }
    lastAdvanceNs = nowNs;
    latencyNs = storeLatencyNs;
    sequentialBytes += bytes;
  }

  /** The reader came to bytes that were not there yet. */
  void stalled() {
    grownBytes = Math.min(maxBytes, grownBytes * 2);
  }

  long windowBytes() {
    if (sequentialBytes == 0) {
      return 0;
    }
    long needed = Math.max(grownBytes, (long) (2 * bytesPerNs * latencyNs));
    long earned = EARNED_FACTOR * sequentialBytes + 2L * chunkBytes;
    return Math.min(maxBytes, Math.min(needed, earned));
  }
}
