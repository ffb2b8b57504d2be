package io.tidemark.metadata.controller;

import io.tidemark.scenario.Scenario;
import org.junit.jupiter.api.Test;

/** Random lives of one partition that moves about, from seeds. */
class ReassignmentSimulationTest {
  private static final int ROUNDS = 60;
  private static final int STEPS = 80;

  @Test
  @Scenario({"S-20", "S-21", "S-22"})
  void whateverHappensDuringMovesNothingCommittedIsLostAndTheyEnd() {
    long seed = Long.getLong("tidemark.seed", 20_261_130L);
    for (int round = 0; round < ROUNDS; round++) {
      new MovingPartition(seed + round).live(STEPS);
    }
  }
}
