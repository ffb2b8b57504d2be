package io.tidemark.bench.measure;

import java.util.Locale;

/** What is measured, with its unit. */
public enum Quantity {
  MB_PER_SECOND("MB/s", Better.HIGHER, 0),
  CPU_PER_GB("CPU s/GB", Better.LOWER, 2),
  RECORDS_PER_SECOND("records/s", Better.HIGHER, 0),
  CPU_PER_MILLION_RECORDS("CPU s per million records", Better.LOWER, 3),
  REQUESTS_PER_SECOND("requests/s", Better.HIGHER, 0),
  CPU_MICROS_PER_REQUEST("CPU µs per request", Better.LOWER, 1),
  TOPICS_PER_SECOND("topics/s", Better.HIGHER, 1),
  P50_MS("p50 ms", Better.LOWER, 2),
  P99_MS("p99 ms", Better.LOWER, 2),
  LONGEST_MS("longest ms", Better.LOWER, 0),
  FAILED_RECORDS("failed records", Better.LOWER, 0),
  FAILOVER_MS("median ms", Better.LOWER, 0),
  LEAST_FAILOVER_MS("least ms", Better.LOWER, 0),
  GREATEST_FAILOVER_MS("greatest ms", Better.LOWER, 0),
  QUORUM_FAILOVER_MS("median ms, the quorum's leader killed too", Better.LOWER, 0),
  ROLL_SECONDS("s for all three", Better.LOWER, 1),
  PRODUCE_P99_GROWTH("produce p99, times that without the reader", Better.LOWER, 2),
  TAIL_P99_GROWTH("tail p99, times that without the reader", Better.LOWER, 2),
  START_SECONDS("start s", Better.LOWER, 2),
  IDLE_MIB("idle MiB", Better.LOWER, 0),
  PEAK_MIB("peak MiB", Better.LOWER, 0);

  private final String unit;
  private final Better better;
  private final int decimals;

  Quantity(String unit, Better better, int decimals) {
    this.unit = unit;
    this.better = better;
    this.decimals = decimals;
  }

  public String unit() {
    return unit;
  }

  public Better better() {
    return better;
  }

  /** Digits after the point that mean something. */
  public int decimals() {
    return decimals;
  }

  public String format(double value) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
