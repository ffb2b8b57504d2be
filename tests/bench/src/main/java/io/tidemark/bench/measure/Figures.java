package io.tidemark.bench.measure;

import io.tidemark.bench.machine.Usage;
import java.util.EnumMap;
import java.util.Map;

/** Turns what was counted into quantities. */
public final class Figures {
  private static final double BYTES_PER_MB = 1e6;
  private static final double BYTES_PER_GB = 1e9;
  private static final double BYTES_PER_MIB = 1024 * 1024;
  private static final double MICROS_PER_MS = 1e3;
  private static final double MICROS_PER_SECOND = 1e6;

  private Figures() {}

  /** Every quantity that the pass has something to say about. */
  public static Map<Quantity, Double> of(Pass pass) {
    Map<Quantity, Double> values = new EnumMap<>(Quantity.class);
    Work work = pass.work();
    Usage usage = pass.usage();
    if (work.bytes() > 0) {
      values.put(Quantity.MB_PER_SECOND, work.bytes() / BYTES_PER_MB / usage.wallSeconds());
      values.put(Quantity.CPU_PER_GB, usage.serverCpuSeconds() / (work.bytes() / BYTES_PER_GB));
    }
    if (work.records() > 0) {
      values.put(Quantity.RECORDS_PER_SECOND, work.records() / usage.wallSeconds());
      values.put(
          Quantity.CPU_PER_MILLION_RECORDS, usage.serverCpuSeconds() / (work.records() / 1e6));
    }
    if (work.units() > 0) {
      double perSecond = work.units() / usage.wallSeconds();
      values.put(Quantity.REQUESTS_PER_SECOND, perSecond);
      values.put(Quantity.TOPICS_PER_SECOND, perSecond);
      values.put(
          Quantity.CPU_MICROS_PER_REQUEST,
          usage.serverCpuSeconds() * MICROS_PER_SECOND / work.units());
    }
    if (work.latency().getTotalCount() > 0) {
      values.put(Quantity.P50_MS, work.latency().getValueAtPercentile(50) / MICROS_PER_MS);
      values.put(Quantity.P99_MS, work.latency().getValueAtPercentile(99) / MICROS_PER_MS);
    }
    return values;
  }

  public static double mib(long bytes) {
    return bytes / BYTES_PER_MIB;
  }
}
