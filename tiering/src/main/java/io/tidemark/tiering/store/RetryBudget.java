package io.tidemark.tiering.store;

import org.apache.kafka.common.utils.Time;

/**
 * How many retries a store is worth: when everything fails, retries come one a second instead of
 * one for every call. Safe from any thread.
 */
final class RetryBudget {
  private static final double PER_SUCCESS = 0.1;

  private final int capacity;
  private final Time time;
  // Guarded by this.
  private double tokens;
  private long filledAtMs;

  RetryBudget(int capacity, Time time) {
    this.capacity = capacity;
    this.time = time;
    this.tokens = capacity;
    this.filledAtMs = time.hiResClockMs();
  }

  synchronized void succeeded() {
    tokens = Math.min(capacity, tokens + PER_SUCCESS);
  }

  /** Takes one retry; returns how long to wait for it beyond the backoff. */
  synchronized long takeMs() {
    long nowMs = time.hiResClockMs();
    tokens = Math.min(capacity, tokens + (nowMs - filledAtMs) / 1000.0);
    filledAtMs = nowMs;
    tokens -= 1;
    return tokens >= 0 ? 0 : (long) (-tokens * 1000);
  }
}
