package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.ManySeeds;
import io.tidemark.scenario.Scenario;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole clusters with a compacted topic, hot and tiered, from a seed. */
class CompactedSimulation {
  private static final int LIVES = 10;

  /** Not each life compacts: a clock that was set back an hour rolls no segment by time. */
  @Test
  @Scenario({"S-120", "S-131", "S-133"})
  void everyKeyHasItsNewestValueThroughEverything() {
    long written = 0;
    long read = 0;
    double hotPasses = 0;
    double coldPasses = 0;
    for (long seed = 1; seed <= LIVES; seed++) {
      CompactedLife.End end = CompactedLife.of(seed);
      System.out.println("CompactedSimulation: seed " + seed + ": " + end);
      written += end.written();
      read += end.read();
      hotPasses += end.hotPasses();
      coldPasses += end.coldPasses();
    }
    assertThat(read).as("once compacted").isLessThan(written);
    assertThat(hotPasses).as("maps that were full").isPositive();
    assertThat(coldPasses).as("maps of the store that were full").isPositive();
  }

  @Test
  @Tag("long")
  void manySeeds() {
    ManySeeds.run("CompactedSimulation", 40, 1, CompactedLife::of);
  }
}
