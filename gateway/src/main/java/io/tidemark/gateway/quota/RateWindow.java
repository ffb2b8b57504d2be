package io.tidemark.gateway.quota;

import java.util.concurrent.TimeUnit;

/**
 * How much was used lately: a ring of short windows, the last of which is not over yet, as Kafka's
 * rates are. Who has used more than its quota waits for as long as the excess takes at that rate;
 * what was used counts until its window leaves the ring.
 *
 * <pre>
 *   │ whole │ whole │ … │ whole │ now ▒  │     sum / (time since the oldest began) = rate
 * </pre>
 *
 * Safe from any thread; never waits for anything slow.
 */
final class RateWindow {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final QuotaWindows windows;
  private final double[] sums; // all guarded by this
  private long current; // the number of the window that is not over
  private long usedNs;

  RateWindow(QuotaWindows windows, long nowNs) {
    this.windows = windows;
    this.sums = new double[windows.count()];
    this.current = windows.numberAt(nowNs);
    this.usedNs = nowNs;
  }

  /** Counts a use and returns how long its user has to wait because of it; nanoseconds. */
  synchronized long use(double amount, double perSecond, long nowNs) {
    advance(nowNs);
    usedNs = nowNs;
    sums[indexOf(current)] += amount;
    return waitNs(perSecond, nowNs);
  }

  /** How long to wait, if nothing more is used now. */
  synchronized long peekNs(double perSecond, long nowNs) {
    advance(nowNs);
    return waitNs(perSecond, nowNs);
  }

  private long waitNs(double perSecond, long nowNs) {
    double dueNs = sum() / perSecond * NANOS;
    double elapsedNs = nowNs - windows.startOf(current - sums.length + 1);
    return dueNs <= elapsedNs ? 0 : (long) Math.ceil(dueNs - elapsedNs);
  }

  private double sum() {
    double sum = 0;
    for (double each : sums) {
      sum += each;
    }
    return sum;
  }

  private void advance(long nowNs) {
    long number = windows.numberAt(nowNs);
    if (number <= current) {
      return;
    }
    long stale = Math.min(number - current, sums.length);
    for (long i = 1; i <= stale; i++) {
      sums[indexOf(number - stale + i)] = 0;
    }
    current = number;
  }

  private int indexOf(long number) {
    return (int) Math.floorMod(number, (long) sums.length);
  }

  /** Whether a new one would say the same. */
  synchronized boolean isForgotten(long nowNs) {
    return nowNs - usedNs > windows.spanNs();
  }
}
