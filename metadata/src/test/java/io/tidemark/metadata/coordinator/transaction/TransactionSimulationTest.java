package io.tidemark.metadata.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import org.junit.jupiter.api.Test;

/** Many lives of a transaction coordinator, each from a seed. */
final class TransactionSimulationTest {
  private static final int STEPS = 400;

  @Test
  @Scenario("S-152")
  void everyTransactionIsDecidedOnceWhateverFails() {
    long first = Long.getLong("tidemark.seed", 7_000L);
    int seeds = Integer.getInteger("tidemark.seeds", 60);
    int promised = 0;
    for (long seed = first; seed < first + seeds; seed++) {
      TransactionSimulation simulation = new TransactionSimulation(seed);
      try {
        simulation.run(STEPS);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
      promised += simulation.promised();
    }
    assertThat(promised).isGreaterThan(seeds);
  }

  @Test
  void aSeedReplaysIdentically() {
    assertThat(new TransactionSimulation(11).run(STEPS))
        .isEqualTo(new TransactionSimulation(11).run(STEPS));
  }
}
