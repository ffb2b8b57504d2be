package io.tidemark.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tidemark.bench.machine.Usage;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void bytesAndRecordsAreSetAgainstTimeAndServerCpu() {
    Pass pass = new Pass(Work.records(2_000_000, 2_000_000_000), new Usage(4, 3, 0));

    assertThat(Figures.of(pass))
        .containsOnly(
            entry(Quantity.MB_PER_SECOND, 500.0),
            entry(Quantity.CPU_PER_GB, 1.5),
            entry(Quantity.RECORDS_PER_SECOND, 500_000.0),
            entry(Quantity.CPU_PER_MILLION_RECORDS, 1.5));
  }

  @Test
  void requestsAreCountedOneByOne() {
    Pass pass = new Pass(Work.units(1000), new Usage(2, 0.5, 0));

    assertThat(Figures.of(pass))
        .contains(
            entry(Quantity.REQUESTS_PER_SECOND, 500.0),
            entry(Quantity.CPU_MICROS_PER_REQUEST, 500.0));
  }

  @Test
  void latenciesOfAllPassesCountTogether() {
    Pass both = pass(1000).plus(pass(3000));

    assertThat(Figures.of(both).get(Quantity.P50_MS)).isBetween(0.99, 1.01);
    assertThat(Figures.of(both).get(Quantity.P99_MS)).isBetween(2.99, 3.01);
  }

  private static Pass pass(long micros) {
    Histogram latency = new Histogram(3);
    latency.recordValue(micros);
    return new Pass(new Work(1, 1, 0, latency), new Usage(1, 1, 0));
  }
}
