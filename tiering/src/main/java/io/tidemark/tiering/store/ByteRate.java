package io.tidemark.tiering.store;

import org.apache.kafka.common.utils.Time;

/**
 * At most so many bytes a second, with a second's worth at once. Takers wait their turn by sleeping
 * until what they took has been earned. Safe from any thread.
 */
public final class ByteRate {
  /** No limit. */
  public static final long UNLIMITED = 0;

  private final long bytesPerSecond;
  private final Time time;
  // Guarded by this: when the bytes taken so far have been earned.
  private long earnedAtNs;

  public ByteRate(long bytesPerSecond, Time time) {
    this.bytesPerSecond = bytesPerSecond;
    this.time = time;
    this.earnedAtNs = time.nanoseconds() - 1_000_000_000L;
  }

  public void take(long bytes) {
    if (bytesPerSecond == UNLIMITED) {
      return;
    }
    long waitMs = reserve(bytes);
    if (waitMs > 0) {
      time.sleep(waitMs);
    }
  }

  private synchronized long reserve(long bytes) {
    long nowNs = time.nanoseconds();
    earnedAtNs =
        Math.max(earnedAtNs, nowNs - 1_000_000_000L)
            + (long) (bytes * (1_000_000_000.0 / bytesPerSecond));
    return (earnedAtNs - nowNs) / 1_000_000L;
  }
}
