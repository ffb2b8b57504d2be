package io.tidemark.gateway.cli;

import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** Spreads turns evenly in time: turn n comes no earlier than n / rate seconds after the first. */
final class Pace {
  private final double ratePerSecond;
  private final Time time;
  private final long startNs;
  private long turns;

  private Pace(double ratePerSecond, Time time) {
    this.ratePerSecond = ratePerSecond;
    this.time = time;
    this.startNs = time.nanoseconds();
  }

  /** A pace of {@code ratePerSecond} turns, without a limit where that is null. */
  static Pace of(@Nullable Double ratePerSecond, Time time) {
    if (ratePerSecond != null && ratePerSecond <= 0) {
      throw CommandFailure.usage("--rate must be above 0, it is " + ratePerSecond);
    }
    return new Pace(ratePerSecond == null ? Double.POSITIVE_INFINITY : ratePerSecond, time);
  }

  void awaitTurn() {
    long dueNs = startNs + (long) (turns++ / ratePerSecond * 1e9);
    long waitMs = (dueNs - time.nanoseconds()) / 1_000_000;
    if (waitMs > 0) {
      time.sleep(waitMs);
    }
  }
}
