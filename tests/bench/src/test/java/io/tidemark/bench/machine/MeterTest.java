package io.tidemark.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.bench.machine.Meter.Reading;
import org.junit.jupiter.api.Test;

class MeterTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void whatNeitherServerNorHelpersUsedBelongsToOthers() {
    Reading start = new Reading(0, 10, 20, 100);
    Reading end = new Reading(10 * SECOND, 16, 24, 112);

    Usage usage = Meter.between(start, end, 2);

    assertThat(usage.wallSeconds()).isEqualTo(10);
    assertThat(usage.serverCpuSeconds()).isEqualTo(6);
    assertThat(usage.othersShare()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void countersThatAreReadOneAfterTheOtherNeverMakeAShareBelowZero() {
    Usage usage = Meter.between(new Reading(0, 0, 0, 0), new Reading(SECOND, 1, 1, 1.9), 2);

    assertThat(usage.othersShare()).isZero();
  }

  @Test
  void sharesAreWeightedByTime() {
    Usage both = new Usage(1, 1, 0.4).plus(new Usage(3, 1, 0));

    assertThat(both.othersShare()).isCloseTo(0.1, within(1e-9));
    assertThat(both.serverCpuSeconds()).isEqualTo(2);
  }
}
