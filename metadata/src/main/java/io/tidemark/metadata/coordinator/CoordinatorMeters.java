package io.tidemark.metadata.coordinator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What every kind of coordinator shows of itself. */
public final class CoordinatorMeters {
  private final Timer loads;
  private final Counter resets;

  /**
   * @param coordinator its kind, such as {@code group}
   */
  public CoordinatorMeters(MeterRegistry registry, String coordinator) {
    loads =
        Timer.builder("tidemark.coordinator.load")
            .description("Time to load a partition of a coordinator after an election")
            .tag("coordinator", coordinator)
            .register(registry);
    resets =
        Counter.builder("tidemark.coordinator.resets")
            .description("Partitions whose state was dropped because an append or commit failed")
            .tag("coordinator", coordinator)
            .register(registry);
  }

  void loaded(long tookMs) {
    loads.record(tookMs, TimeUnit.MILLISECONDS);
  }

  void reset() {
    resets.increment();
  }
}
