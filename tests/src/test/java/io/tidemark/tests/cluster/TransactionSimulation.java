package io.tidemark.tests.cluster;

import io.tidemark.log.ManySeeds;
import io.tidemark.scenario.Scenario;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole clusters under transactions, from a seed: coordinators, leaders, machines and answers are
 * lost at any step, and no transaction is lost, torn, seen twice or seen that was aborted.
 */
class TransactionSimulation {

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario({"S-152", "S-153", "S-155", "S-157", "S-158"})
  void transactionsAreWholeThroughEverything(long seed) {
    System.out.println("TransactionSimulation: seed " + seed + ": " + TransactionLife.of(seed));
  }

  @Test
  @Tag("long")
  void manySeeds() {
    ManySeeds.run("TransactionSimulation", 40, 1, TransactionLife::of);
  }
}
