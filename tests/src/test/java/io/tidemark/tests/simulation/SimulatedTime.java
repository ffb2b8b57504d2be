package io.tidemark.tests.simulation;

import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Time;

/** The clock of a simulation. Only its virtual threads may sleep. */
public final class SimulatedTime implements Time {
  private final Simulation simulation;

  SimulatedTime(Simulation simulation) {
    this.simulation = simulation;
  }

  @Override
  public long milliseconds() {
    return simulation.wallClockMs();
  }

  @Override
  public long nanoseconds() {
    return simulation.nowNs();
  }

  @Override
  public long hiResClockMs() {
    return simulation.nowNs() / 1_000_000;
  }

  @Override
  public void sleep(long ms) {
    Thread sleeper = Thread.currentThread();
    if (!sleeper.isVirtual()) {
      throw new IllegalStateException("a sleep outside of a virtual thread would stop the world");
    }
    long endNs = simulation.nowNs() + ms * 1_000_000;
    Lane alarm = new Lane(simulation, "alarm of " + sleeper.getName(), true);
    simulation.schedule(alarm, () -> LockSupport.unpark(sleeper), ms * 1_000_000, 0);
    while (simulation.nowNs() < endNs) {
      LockSupport.park(this);
    }
    alarm.close();
  }
}
