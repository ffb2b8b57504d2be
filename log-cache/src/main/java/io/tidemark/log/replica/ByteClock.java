package io.tidemark.log.replica;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes all partitions of the node have appended. What was written a short time ago by
 * this clock is still in the page cache, however long ago that was by any other. Safe from any
 * thread.
 */
final class ByteClock {
  private final AtomicLong bytes = new AtomicLong();
  private final long warmBytes;

  ByteClock(long warmBytes) {
    this.warmBytes = warmBytes;
  }

  long advance(long sizeBytes) {
    return bytes.addAndGet(sizeBytes);
  }

  long now() {
    return bytes.get();
  }

  /** What lies further back than this has probably left the page cache. */
  long warmBytes() {
    return warmBytes;
  }
}
