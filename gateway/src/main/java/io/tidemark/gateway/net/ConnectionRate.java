package io.tidemark.gateway.net;

import java.util.concurrent.TimeUnit;

/**
 * Keeps a stream of connections to so many a second on average. As with Kafka's quotas, whose
 * window is ten seconds by default, who was quiet for as long may bring ten seconds' worth at once.
 * Guarded by its owner; nanoseconds.
 */
final class ConnectionRate {
  private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /** When those taken so far would have come, had each come exactly when the rate lets it. */
  private long dueNs;

  ConnectionRate(long nowNs) {
    dueNs = nowNs;
  }

  /** How long the next one has to wait; 0 when it may come now. */
  long waitNs(int maxPerSecond, long nowNs) {
    if (maxPerSecond == 0) {
      return SECOND_NS; // then look whether the limit has changed
    }
    return Math.max(0, aheadNs(nowNs) + SECOND_NS / maxPerSecond - WINDOW_NS);
  }

  /** Counts one that has come. */
  void take(int maxPerSecond, long nowNs) {
    dueNs = nowNs + aheadNs(nowNs) + SECOND_NS / Math.max(1, maxPerSecond);
  }

  /** Whether nothing is remembered of those that came. */
  boolean isIdle(long nowNs) {
    return aheadNs(nowNs) == 0;
  }

  private long aheadNs(long nowNs) {
    return Math.max(0, dueNs - nowNs);
  }
}
