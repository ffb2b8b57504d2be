package io.tidemark.metadata.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Runs of {@link ReplaySimulation}; {@code -Dtidemark.seed} repeats one. */
final class ReplayTest {
  @Test
  void whateverHappensTheLogHasTheStateAndEverybodyIsAnswered() {
    long first = Long.getLong("tidemark.seed", System.nanoTime());
    int runs = Long.getLong("tidemark.seed") == null ? 24 : 1;
    int stable = 0;
    double commits = 0;
    for (long seed = first; seed < first + runs; seed++) {
      System.out.println("seed " + seed);
      try {
        ReplaySimulation simulation = new ReplaySimulation(seed);
        simulation.run(1_000);
        stable += simulation.stableGroupsSeen();
        commits += simulation.commits();
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError("seed " + seed, failed);
      }
    }
    System.out.println(
        runs + " runs, " + stable + " stable groups compared, " + commits + " commits");
  }

  @Test
  void aSeedRunsTheSameTwice() {
    assertThat(new ReplaySimulation(7).run(300)).isEqualTo(new ReplaySimulation(7).run(300));
  }
}
