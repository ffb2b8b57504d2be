package io.tidemark.tests.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The checker finds in histories that somebody wrote what is wrong with them, and nothing else. */
class TransactionHistoryTest {
  private static final TopicPartition ONE = new TopicPartition("t", 0);
  private static final TopicPartition OTHER = new TopicPartition("t", 1);
  private final TransactionHistory history = new TransactionHistory();

  private String[] committed(String producer) {
    RecordedTransaction transaction = history.begin(producer);
    String[] values = {transaction.write(ONE), transaction.write(OTHER)};
    transaction.committing();
    history.committed(transaction);
    return values;
  }

  private void replay(TopicPartition partition, long offset, String value) {
    history.replay().read(partition, offset, value);
  }

  @Test
  void aSoundHistoryHasNoAnomalies() {
    String[] first = committed("a");
    RecordedTransaction aborted = history.begin("a");
    aborted.write(ONE);
    RecordedTransaction unknown = history.begin("b");
    unknown.write(ONE);
    unknown.write(OTHER);
    unknown.committing();
    RecordedTransaction landed = history.begin("b");
    String value = landed.write(ONE);
    landed.acknowledged(value, 7);
    landed.committing();
    CommittedReading early = history.reading("early");
    early.read(ONE, 0, first[0]);
    replay(ONE, 0, first[0]);
    replay(ONE, 7, value);
    replay(OTHER, 0, first[1]);

    assertThat(history.anomalies()).isEmpty();
    assertThat(history.committedCount()).isEqualTo(1);
  }

  @Test
  void aCommittedValueThatIsNotThereIsLost() {
    String[] values = committed("a");
    replay(ONE, 0, values[0]);

    assertThat(history.anomalies()).containsExactly("lost: [a/0/1] of a/0 COMMITTED");
  }

  @Test
  void aValueWhoseCommitNobodyAskedForIsAnAbortedRead() {
    String value = history.begin("a").write(ONE);
    history.reading("early").read(ONE, 0, value);
    replay(ONE, 0, value);

    assertThat(history.anomalies())
        .hasSize(2)
        .allMatch(anomaly -> anomaly.startsWith("aborted: "))
        .anyMatch(anomaly -> anomaly.contains("early read"));
  }

  @Test
  void aTransactionOfWhichAPartIsThereIsTorn() {
    RecordedTransaction transaction = history.begin("a");
    String value = transaction.write(ONE);
    transaction.write(OTHER);
    transaction.committing();
    replay(ONE, 0, value);

    assertThat(history.anomalies())
        .containsExactly("torn: of a/0 UNKNOWN [a/0/1] is not there, of [a/0/0, a/0/1]");
  }

  @Test
  void aValueAtTwoOffsetsIsADuplicate() {
    String[] values = committed("a");
    replay(ONE, 0, values[0]);
    replay(ONE, 3, values[0]);
    replay(OTHER, 0, values[1]);

    assertThat(history.anomalies())
        .contains("duplicate: a/0/0 at 0 and 3 of t-0")
        .anyMatch(anomaly -> anomaly.startsWith("reordered: "));
  }

  @Test
  void aLaterTransactionBeforeAnEarlierOneIsReordered() {
    String[] first = committed("a");
    String[] second = committed("a");
    replay(ONE, 0, second[0]);
    replay(ONE, 1, first[0]);
    replay(OTHER, 0, first[1]);
    replay(OTHER, 1, second[1]);

    assertThat(history.anomalies()).containsExactly("reordered: a/0/0 after a/1/0 in t-0");
  }

  @Test
  void aValueAReaderWentPastIsUnseen() {
    String[] first = committed("a");
    String[] second = committed("a");
    history.reading("early").read(ONE, 5, second[0]);
    history.reading("idle").reached(OTHER, 1);
    replay(ONE, 0, first[0]);
    replay(ONE, 5, second[0]);
    replay(OTHER, 0, first[1]);
    replay(OTHER, 1, second[1]);

    assertThat(history.anomalies())
        .containsExactlyInAnyOrder(
            "unseen: early went past a/0/0 at 0 of t-0",
            "unseen: idle went past a/0/1 at 0 of t-1");
  }

  @Test
  void aValueElsewhereThanItWasAcknowledgedHasMoved() {
    RecordedTransaction transaction = history.begin("a");
    String value = transaction.write(ONE);
    transaction.acknowledged(value, 4);
    transaction.committing();
    history.committed(transaction);
    replay(ONE, 5, value);

    assertThat(history.anomalies())
        .containsExactly("moved: a/0/0 was acknowledged at 4 and lies at 5");
  }

  @Test
  void whatOneReaderSawAndTheReplayDidNotHasChanged() {
    String[] values = committed("a");
    RecordedTransaction unknown = history.begin("b");
    String gone = unknown.write(ONE);
    unknown.committing();
    CommittedReading early = history.reading("early");
    early.read(ONE, 0, gone);
    replay(ONE, 0, values[0]);
    replay(OTHER, 0, values[1]);

    assertThat(history.anomalies())
        .containsExactly("changed: early read b/0/0 at 0 of t-0, where a/0/0 lies in the end");
  }

  @Test
  void offsetsThatGoBackAndValuesNobodySentAreFound() {
    String[] values = committed("a");
    replay(ONE, 1, values[0]);
    replay(ONE, 0, "a/9/0");
    replay(OTHER, 0, values[1]);

    assertThat(String.join("\n", history.anomalies()))
        .contains("back: the replay went from 1 to 0 in t-0", "invented: the replay read");
  }
}
