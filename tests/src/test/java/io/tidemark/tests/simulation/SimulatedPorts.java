package io.tidemark.tests.simulation;

import io.tidemark.gateway.node.NodePorts;
import io.tidemark.log.disk.Disk;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;

/** A node's ports on a simulated process, and a simulated disk and clock, which outlive it. */
public record SimulatedPorts(Simulation simulation, SimulatedProcess process, Disk disk, Time time)
    implements NodePorts {
  private static final long MEMORY_BYTES = 64L << 20;

  public SimulatedPorts(Simulation simulation, SimulatedProcess process, Disk disk) {
    this(simulation, process, disk, simulation.time());
  }

  @Override
  public RandomGenerator random() {
    return simulation.random();
  }

  @Override
  public long memoryBytes() {
    return MEMORY_BYTES;
  }

  @Override
  public ScheduledExecutorService thread(String name) {
    return process.thread(name);
  }

  @Override
  public ScheduledExecutorService pool(String name, int threads) {
    return process.pool(name);
  }

  @Override
  public ThreadFactory virtualThreads(String name) {
    return process.virtualThreads(name);
  }

  @Override
  public void close(long waitMs) {
    process.kill();
  }
}
