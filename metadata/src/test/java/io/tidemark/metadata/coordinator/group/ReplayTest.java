package io.tidemark.metadata.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.ManySeeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs of {@link ReplaySimulation}; {@code -Dtidemark.seed} repeats one. */
final class ReplayTest {
  private int runs;
  private int stableGroups;
  private double commits;

  @Test
  void whateverHappensTheLogHasTheStateAndEverybodyIsAnswered() {
    Long seed = Long.getLong("tidemark.seed");
    long first = seed == null ? 20_261_120L : seed;
    for (int i = 0; i < (seed == null ? 16 : 1); i++) {
      run(first + i);
    }
    report();
    assertThat(commits).isPositive();
  }

  @Test
  @Tag("long")
  void whateverHappensForLong() {
    ManySeeds.run("ReplayTest", 60, 4, this::run);
    report();
  }

  private void run(long seed) {
    System.out.println("seed " + seed);
    ReplaySimulation simulation = new ReplaySimulation(seed);
    try {
      simulation.run(1_000);
    } catch (AssertionError | RuntimeException failed) {
      throw new AssertionError("seed " + seed, failed);
    }
    runs++;
    stableGroups += simulation.stableGroupsSeen();
    commits += simulation.commits();
  }

  private void report() {
    System.out.printf(
        "%d runs, %d stable groups compared, %.0f commits%n", runs, stableGroups, commits);
  }

  @Test
  void aSeedRunsTheSameTwice() {
    assertThat(new ReplaySimulation(7).run(300)).isEqualTo(new ReplaySimulation(7).run(300));
  }
}
