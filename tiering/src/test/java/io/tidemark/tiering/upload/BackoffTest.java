package io.tidemark.tiering.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(100, 10_000);

  @Test
  @Scenario("S-104")
  void itDoublesUpToTheMostWithHalfDrawn() {
    Random random = new Random(7);
    long ceiling = 100;
    for (int failures = 1; failures < 100; failures++) {
      assertThat(backoff.delayMs(failures, random)).isBetween(ceiling / 2, ceiling);
      ceiling = Math.min(10_000, ceiling * 2);
    }
  }

  @Test
  void thousandsOfFailuresDoNotOverflow() {
    assertThat(backoff.delayMs(Integer.MAX_VALUE, new Random(1))).isBetween(5_000L, 10_000L);
  }
}
