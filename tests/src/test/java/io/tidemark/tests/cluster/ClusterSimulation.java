package io.tidemark.tests.cluster;

import io.tidemark.log.ManySeeds;
import io.tidemark.scenario.Scenario;
import io.tidemark.tests.cluster.ClusterLife.Kind;
import org.junit.jupiter.api.Tag;
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

  @Test
  @Scenario({"S-11", "S-97", "S-98"})
  void healthyNodesThatAreFencedChangeNothing() {
    for (long seed = 1; seed <= 2; seed++) {
      System.out.println(
          "ClusterSimulation: fenced, seed " + seed + ": " + ClusterLife.of(Kind.FENCED, seed));
    }
  }

  @Test
  @Tag("long")
  void aThousandBriefLives() {
    ManySeeds.run("ClusterSimulation, brief", 3, 40, 25, seed -> ClusterLife.of(Kind.BRIEF, seed));
  }

  @Test
  @Scenario("S-21")
  void briefLivesThatOnceWentWrong() {
    for (long seed : new long[] {9, 58, 1275, 1907}) {
      ClusterLife.of(Kind.BRIEF, seed);
    }
  }

  @Test
  @Tag("long")
  void manySeeds() {
    ManySeeds.run("ClusterSimulation", 60, 1, ClusterLife::of);
  }

  @Test
  @Tag("long")
  void manySeedsWithHealthyNodesFenced() {
    ManySeeds.run("ClusterSimulation, fenced", 60, 1, seed -> ClusterLife.of(Kind.FENCED, seed));
  }
}
