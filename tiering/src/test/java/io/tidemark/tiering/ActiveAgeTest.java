package io.tidemark.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.partition.ActiveSegment;
import io.tidemark.scenario.Scenario;
import org.junit.jupiter.api.Test;

class ActiveAgeTest {
  private final ActiveAge age = new ActiveAge();

  private static ActiveSegment active(long base, long bytes, long firstAppendMs) {
    return new ActiveSegment(base, bytes, firstAppendMs, firstAppendMs, -1);
  }

  @Test
  void theFirstRecordCounts() {
    assertThat(age.ageMs(active(0, 10, 9_000), 0, 10_000)).isEqualTo(1_000);
    assertThat(age.ageMs(active(0, 20, 9_000), 500, 10_500)).isEqualTo(1_500);
  }

  @Test
  @Scenario("S-136")
  void aWallClockSetBackMissesNoRoll() {
    assertThat(age.ageMs(active(0, 10, 9_000), 100, 9_000)).isZero();
    assertThat(age.ageMs(active(0, 10, 9_000), 5_100, 2_000)).isEqualTo(5_000);
  }

  @Test
  void anEmptySegmentHasNoAge() {
    assertThat(age.ageMs(active(0, 10, 9_000), 0, 10_000)).isPositive();
    assertThat(age.ageMs(active(20, 0, -1), 50_000, 60_000)).isZero();
    assertThat(age.ageMs(active(20, 1, 60_000), 60_000, 60_000)).isZero();
  }
}
