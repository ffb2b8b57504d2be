package io.tidemark.tests.cluster;

import io.tidemark.scenario.Scenario;
import org.junit.jupiter.api.Test;

/**
 * Whole clusters, from a seed: three nodes under a workload and under faults of every kind; then
 * everything heals, and all that was promised is there. One seed alone: {@code -Dtidemark.seed=N}.
 */
class ClusterSimulation {

  @Test
  @Scenario({"S-11", "S-14", "S-60", "S-63", "S-64", "S-65", "S-71"})
  void whatWasPromisedIsKept() {
    Long only = Long.getLong("tidemark.seed");
    long first = only == null ? 1 : only;
    long last = only == null ? Long.getLong("tidemark.seeds", 2) : only;
    for (long seed = first; seed <= last; seed++) {
      System.out.println("ClusterSimulation: seed " + seed + ": " + ClusterLife.of(seed));
    }
  }
}
