package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AppliedImageTest {
  private final AppliedImage applied = new AppliedImage();

  @Test
  void whoWaitsIsToldWhenTheVersionIsReachedOrPassed() {
    var third = applied.reached(3);
    var fifth = applied.reached(5);

    applied.advance(2);
    assertThat(third).isNotDone();
    applied.advance(4);
    assertThat(third).isDone();
    assertThat(fifth).isNotDone();
    applied.advance(5);
    assertThat(fifth).isDone();
  }

  @Test
  void whatIsReachedAlreadyIsNotWaitedFor() {
    applied.advance(7);

    assertThat(applied.reached(7)).isDone();
    assertThat(applied.reached(1)).isDone();
  }

  @Test
  void theVersionNeverGoesBack() {
    applied.advance(7);
    applied.advance(3);

    assertThat(applied.reached(7)).isDone();
  }

  @Test
  void oneWhoGivesUpDoesNotEndTheWaitOfAnother() {
    var impatient = applied.reached(1);
    var patient = applied.reached(1);

    impatient.cancel(false);
    assertThat(patient).isNotDone();
    applied.advance(1);
    assertThat(patient).isCompleted();
  }
}
