package io.tidemark.tests.cluster;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces of fetch sessions of several partitions, between followers and their leader. */
class FetchSessionScenariosTest {
  private static final int PARTITIONS = 6;
  private static final int PRODUCERS = 4;
  private static final int BURSTS = 6;
  private static final int LARGE_BYTES = 15_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void partitionsThatDidNotFitIntoAnAnswerComeWithTheNext(long seed) {
    Stage stage =
        Stage.of(
            seed,
            3,
            "replica.fetch.response.max.bytes",
            "16384",
            "replica.lag.time.max.ms",
            "3600000");
    stage.createPartitions(PARTITIONS, 1, 2, 3);
    int[] done = {0};
    for (int i = 0; i < PRODUCERS; i++) {
      IdempotentProducer producer = stage.producer(LARGE_BYTES);
      stage.begin(() -> {
        for (int burst = 0; burst < BURSTS; burst++) {
          producer.produce();
        }
        done[0]++;
      });
    }
    stage.await("everything acknowledged", () -> done[0] == PRODUCERS);
    stage.curtain();
  }
}
