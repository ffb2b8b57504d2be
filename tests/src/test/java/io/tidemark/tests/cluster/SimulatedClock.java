package io.tidemark.tests.cluster;

import org.apache.kafka.common.utils.Time;

/** A machine's own clock: its wall time is off by something that may jump, its uptime is not. */
final class SimulatedClock implements Time {
  private final Time time;
  private long offMs;

  SimulatedClock(Time time, long offMs) {
    this.time = time;
    this.offMs = offMs;
  }

  /** From now on the wall time is off by so much. */
  void jumpTo(long newOffMs) {
    offMs = newOffMs;
  }

  @Override
  public long milliseconds() {
    return time.milliseconds() + offMs;
  }

  @Override
  public long nanoseconds() {
    return time.nanoseconds();
  }

  @Override
  public long hiResClockMs() {
    return time.hiResClockMs();
  }

  @Override
  public void sleep(long ms) {
    time.sleep(ms);
  }
}
