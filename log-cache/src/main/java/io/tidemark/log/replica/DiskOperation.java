package io.tidemark.log.replica;

/**
 * Since when a thread has been inside a write or flush, for the stall check. One writer, read from
 * any thread.
 */
final class DiskOperation {
  private static final long NONE = Long.MIN_VALUE;

  // Volatile because the stall check of another thread reads it.
  private volatile long sinceNs = NONE;

  void begin(long nowNs) {
    sinceNs = nowNs;
  }

  void end() {
    sinceNs = NONE;
  }

  boolean hangsFor(long durationNs, long nowNs) {
    long since = sinceNs;
    return since != NONE && nowNs - since > durationNs;
  }
}
