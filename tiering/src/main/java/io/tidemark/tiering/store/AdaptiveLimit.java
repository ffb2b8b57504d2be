package io.tidemark.tiering.store;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many calls may be under way at once: one more for every {@code limit} successes, three
 * quarters after a throttled call, but at most once for all calls that were under way then. Waiting
 * threads park in line. Safe from any thread.
 */
final class AdaptiveLimit {
  private static final double DECREASE = 0.75;

  private final int max;
  // Guards all that follows; held for moments only.
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition freed = lock.newCondition();
  private double limit;
  private int underWay;
  private long started;
  private long startedAtDecrease = -1;

  AdaptiveLimit(int max) {
    this.max = max;
    this.limit = max;
  }

  /** Waits for a place; returns the call's number for {@link #end}. */
  long begin() {
    lock.lock();
    try {
      while (underWay >= (int) limit) {
        freed.awaitUninterruptibly();
      }
      underWay++;
      return started++;
    } finally {
      lock.unlock();
    }
  }

  void end(long call, boolean wasThrottled) {
    lock.lock();
    try {
      underWay--;
      adapt(call, wasThrottled);
      freed.signal();
      if (underWay + 1 < (int) limit) {
        freed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void adapt(long call, boolean wasThrottled) {
    if (!wasThrottled) {
      limit = Math.min(max, limit + 1 / limit);
      return;
    }
    if (call >= startedAtDecrease) {
      limit = Math.max(1, limit * DECREASE);
      startedAtDecrease = started;
    }
  }

  int limit() {
    lock.lock();
    try {
      return (int) limit;
    } finally {
      lock.unlock();
    }
  }

  int underWay() {
    lock.lock();
    try {
      return underWay;
    } finally {
      lock.unlock();
    }
  }
}
