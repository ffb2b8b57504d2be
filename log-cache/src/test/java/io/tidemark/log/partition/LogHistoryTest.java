package io.tidemark.log.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.ManySeeds;
import io.tidemark.scenario.Scenario;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogHistoryTest {
  private static final int STEPS = 150;

  private static List<String> live(long seed) {
    LogHistory history = new LogHistory(seed);
    try {
      history.run(STEPS);
      return history.trace();
    } catch (AssertionError | RuntimeException e) {
      List<String> trace = history.trace();
      throw new AssertionError(
          "Seed %d, after %s"
              .formatted(seed, trace.subList(Math.max(0, trace.size() - 12), trace.size())),
          e);
    }
  }

  @Test
  @Scenario({"S-72", "S-85"})
  void nothingThatMustSurviveIsLost() {
    for (long seed = 0; seed < 150; seed++) {
      live(seed);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {20_261_240L})
  void aLifeThatOnceLostSomethingKeepsIt(long seed) {
    live(seed);
  }

  @Test
  void aSeedLivesTheSameLifeTwice() {
    assertThat(live(42)).isEqualTo(live(42));
  }

  @Test
  @Tag("long")
  @Scenario({"S-72", "S-85"})
  void nothingThatMustSurviveIsLostForLong() {
    ManySeeds.run("LogHistoryTest", 60, 40, LogHistoryTest::live);
  }
}
