package io.tidemark.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.bench.measure.Disturbance.Kept;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  @Test
  void ratiosAreThoseOfNeighboursNotOfMedians() {
    Kept kept =
        new Kept(
            List.of(Runs.pair(1, 100, 150, 0), Runs.pair(2, 200, 220, 0), Runs.pair(3, 50, 60, 0)),
            false);

    Comparison found = Comparison.of(kept, Quantity.MB_PER_SECOND).orElseThrow();

    assertThat(found.first()).isEqualTo(100);
    assertThat(found.second()).isEqualTo(150);
    assertThat(found.ratio()).isEqualTo(1.2);
    assertThat(found.leastRatio()).isEqualTo(1.1);
    assertThat(found.greatestRatio()).isEqualTo(1.5);
    assertThat(found.pairs()).isEqualTo(3);
  }

  @Test
  void nothingOnBothSidesIsEqual() {
    Kept kept = new Kept(List.of(Runs.pair(1, 0, 0, 0)), false);

    assertThat(Comparison.of(kept, Quantity.MB_PER_SECOND).orElseThrow().ratio()).isEqualTo(1);
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheMiddleOnes() {
    assertThat(Comparison.median(new double[] {1, 2, 4, 9})).isEqualTo(3);
  }

  @Test
  void aQuantityThatNobodyMeasuredIsNotCompared() {
    Kept kept = new Kept(List.of(Runs.pair(1, 1, 1, 0)), false);

    assertThat(Comparison.of(kept, Quantity.P99_MS)).isEmpty();
  }

  @Test
  void ratioTargetsJudgeTheRatioAndAbsoluteOnesTheSecondSide() {
    Kept kept = new Kept(List.of(Runs.pair(1, 100, 150, 0)), false);
    Comparison found = Comparison.of(kept, Quantity.MB_PER_SECOND).orElseThrow();

    assertThat(found.reaches(new Target.Ratio(Quantity.MB_PER_SECOND, 1.5))).isTrue();
    assertThat(found.reaches(new Target.Ratio(Quantity.MB_PER_SECOND, 1.6))).isFalse();
    assertThat(found.reaches(new Target.Absolute(Quantity.MB_PER_SECOND, 149))).isTrue();
  }

  @Test
  void lessIsBetterWhereTheQuantitySaysSo() {
    assertThat(Quantity.CPU_PER_GB.better().reaches(0.4, 0.45)).isTrue();
    assertThat(Quantity.CPU_PER_GB.better().reaches(0.5, 0.45)).isFalse();
  }

  @Test
  void targetsNearOneAskForMorePairs() {
    assertThat(new Target.Ratio(Quantity.MB_PER_SECOND, 1.15).isNearOne()).isTrue();
    assertThat(new Target.Ratio(Quantity.CPU_PER_GB, 0.9).isNearOne()).isTrue();
    assertThat(new Target.Ratio(Quantity.MB_PER_SECOND, 1.3).isNearOne()).isFalse();
    assertThat(new Target.Absolute(Quantity.CPU_PER_GB, 1).isNearOne()).isFalse();
  }
}
