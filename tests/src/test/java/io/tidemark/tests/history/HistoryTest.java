package io.tidemark.tests.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The checker finds what it is there to find. */
class HistoryTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private final History history = new History();

  @Test
  void aCleanHistoryHasNoAnomalies() {
    history.acknowledged("1:0", PARTITION, 0);
    history.read(PARTITION, 0, "1:0");
    history.read(PARTITION, 1, "2:0");

    assertThat(history.anomalies()).isEmpty();
  }

  @Test
  void lostMovedDuplicatedAndReorderedRecordsAreFound() {
    history.acknowledged("1:0", PARTITION, 0);
    history.acknowledged("1:1", PARTITION, 1);
    history.read(PARTITION, 1, "2:5");
    history.read(PARTITION, 2, "1:1");
    history.read(PARTITION, 3, "2:4");
    history.read(PARTITION, 3, "1:1");

    assertThat(String.join("\n", history.anomalies()))
        .contains(
            "lost: 1:0", "moved: 1:1", "duplicate: 1:1", "reordered: producer 2", "go from 3 to 3");
  }
}
