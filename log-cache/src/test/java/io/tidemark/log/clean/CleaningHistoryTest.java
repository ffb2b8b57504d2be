package io.tidemark.log.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.ManySeeds;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CleaningHistoryTest {
  private static final int STEPS = 200;

  private static List<String> live(long seed) {
    CleaningHistory history = new CleaningHistory(seed);
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
  void everyKeyKeepsItsNewestValue() {
    for (long seed = 0; seed < 20; seed++) {
      live(seed);
    }
  }

  @Test
  void aSeedLivesTheSameLifeTwice() {
    assertThat(live(42)).isEqualTo(live(42));
  }

  @Test
  @Tag("long")
  void everyKeyKeepsItsNewestValueForLong() {
    ManySeeds.run("CleaningHistoryTest", 45, 5, CleaningHistoryTest::live);
  }
}
