package io.tidemark.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void twoPassesSayNothing() {
    assertThat(WarmUp.isSteady(List.of(1.0, 1.0))).isFalse();
  }

  @Test
  void threePassesWithinFivePercentAreSteadyWhateverCameBefore() {
    assertThat(WarmUp.isSteady(List.of(3.0, 2.0, 1.00, 1.04, 1.02))).isTrue();
  }

  @Test
  void aPassThatStillGetsCheaperIsNotSteady() {
    assertThat(WarmUp.isSteady(List.of(1.10, 1.05, 1.00))).isFalse();
  }

  @Test
  void passesTooCheapToMeasureAreSteady() {
    assertThat(WarmUp.isSteady(List.of(0.0, 0.0, 0.0))).isTrue();
  }
}
