package io.tidemark.bench.measure;

import io.tidemark.bench.machine.Meter;
import java.util.ArrayList;
import java.util.List;

/** Runs passes of a load: first until they cost the same, then those that count. */
public final class PassRunner {
  private static final int LEAST_MEASURED = 2;

  private final Meter meter;
  private final Sizes sizes;

  public PassRunner(Meter meter, Sizes sizes) {
    this.meter = meter;
    this.sizes = sizes;
  }

  /** All measured passes together, and how the warm-up before them ended. */
  public record Outcome(Pass measured, int warmUpPasses, boolean isSteady) {}

  public Outcome run(Load load) throws Exception {
    List<Double> costs = new ArrayList<>();
    long limitNanos = System.nanoTime() + sizes.warmUpLimit().toNanos();
    while (!WarmUp.isSteady(costs) && System.nanoTime() < limitNanos) {
      costs.add(pass(load).cpuPerAmount());
    }
    Pass measured = Pass.nothing();
    int passes = 0;
    while (passes < LEAST_MEASURED
        || measured.usage().wallSeconds() < sizes.measured().toNanos() / 1e9) {
      measured = measured.plus(pass(load));
      passes++;
    }
    return new Outcome(measured, costs.size(), WarmUp.isSteady(costs));
  }

  private Pass pass(Load load) throws Exception {
    load.prepare();
    Meter.Reading start = meter.read();
    Work work = load.pass();
    return new Pass(work, meter.since(start));
  }
}
