package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.ManySeeds;
import io.tidemark.scenario.Scenario;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole clusters with a compacted topic, hot and tiered, from a seed. */
class CompactedSimulation {

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario({"S-120", "S-131"})
  void everyKeyHasItsNewestValueThroughEverything(long seed) {
    CompactedLife.End end = CompactedLife.of(seed);
    System.out.println("CompactedSimulation: seed " + seed + ": " + end);
    assertThat(end.read()).as("once compacted").isLessThan(end.written());
  }

  @Test
  @Tag("long")
  void manySeeds() {
    ManySeeds.run("CompactedSimulation", 40, 1, CompactedLife::of);
  }
}
