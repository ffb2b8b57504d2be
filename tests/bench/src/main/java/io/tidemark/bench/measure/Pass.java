package io.tidemark.bench.measure;

import io.tidemark.bench.machine.Usage;

/** A stretch of work and what it cost. */
public record Pass(Work work, Usage usage) {
  public static Pass nothing() {
    return new Pass(Work.nothing(), Usage.NONE);
  }

  public Pass plus(Pass other) {
    return new Pass(work.plus(other.work), usage.plus(other.usage));
  }

  /** Server CPU for each byte or, where no bytes are counted, for each unit. */
  public double cpuPerAmount() {
    long amount = work.bytes() > 0 ? work.bytes() : work.units();
    return amount == 0 ? 0 : usage.serverCpuSeconds() / amount;
  }
}
