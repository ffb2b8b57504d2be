package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static io.tidemark.log.partition.LogNode.recordValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.scenario.Scenario;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A process that may open no more files: what needs one fails and is worth trying again, and the
 * disk is not to blame.
 */
@Scenario("S-92")
class FileHandlesTest {
  private final LogNode node = LogNode.started(1);

  @BeforeEach
  void someSegmentsNoneOfThemOpen() {
    for (int i = 0; i < 40; i++) {
      append(node.log(), batch(i, 1, 300));
    }
    node.idleFiles = 0;
    node.killProcess();
    assertThat(node.directories().directories().getFirst().usableBytes()).isPositive();
    node.disk.outOfHandles();
  }

  /** While there are no handles it fails; afterwards everything is as if it had not been tried. */
  private void failsAndHarmsNothing(ThrowingCallable work) {
    assertThatThrownBy(work).isInstanceOf(KafkaStorageException.class);
    assertUnharmed();
  }

  private void assertUnharmed() {
    node.disk.heal();
    LogDirectory directory = node.directories().directories().getFirst();
    assertThat(directory.failure()).isNull();
    assertThat(directory.offlineLogs()).isEmpty();
    assertThat(recordValues(node.log()).getLast()).startsWith("39:");
    assertThat(append(node.log(), batch(40, 1, 300))).isEqualTo(40);
    node.log().flush();
    node.directories().checkpoint();
    node.crash();
    assertThat(recordValues(node.log()).getLast()).startsWith("40:");
  }

  @Test
  void anAppend() {
    failsAndHarmsNothing(() -> append(node.log(), batch(40, 1, 300)));
  }

  @Test
  void aRead() {
    failsAndHarmsNothing(() -> recordValues(node.log()));
  }

  @Test
  void aFlush() {
    failsAndHarmsNothing(() -> node.log().flush());
  }

  @Test
  void aRoll() {
    failsAndHarmsNothing(() -> node.log().roll());
  }

  @Test
  void aLookUpByTime() {
    failsAndHarmsNothing(() -> node.log().offsetForTimestamp(20, Long.MAX_VALUE));
  }

  @Test
  void aDeletionOfOldSegments() {
    failsAndHarmsNothing(() -> node.log().deleteLocalSegmentsBelow(20));
  }

  @Test
  void aCheckpoint() {
    node.directories().checkpoint();
    assertUnharmed();
  }

  @Test
  void theMeasuringOfFreeSpace() {
    node.time.advanceMs(5_000);
    assertThat(node.directories().directories().getFirst().usableBytes()).isPositive();
    assertUnharmed();
  }
}
