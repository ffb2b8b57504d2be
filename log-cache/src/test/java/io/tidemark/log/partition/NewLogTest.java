package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.DATA;
import static io.tidemark.log.partition.LogNode.ORDERS;
import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static io.tidemark.log.partition.LogNode.recordValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

/** What a log that holds nothing yet costs, and what becomes of it when the machine goes down. */
class NewLogTest {
  private static final Path FOLDER = DATA.resolve("orders-0");
  private static final Path METADATA = FOLDER.resolve(SegmentFiles.METADATA);

  /** From now on a force or a sync of anything but the checkpoints would take the log offline. */
  private static void refuseForces(SimulatedDisk disk) {
    disk.fail(Call.FORCE, file -> file.startsWith(FOLDER), 1000);
    disk.fail(Call.SYNC_DIRECTORY, file -> file.startsWith(FOLDER), 1000);
  }

  @Test
  void isMadeWithoutAForce() {
    LogNode node = LogNode.started(1);
    refuseForces(node.disk);
    node.disk.fail(Call.SYNC_DIRECTORY, DATA::equals, 1000);

    PartitionLog log = node.log();

    assertThat(log.offlineReason()).isNull();
    assertThat(log.offsets().logEndOffset()).isZero();
  }

  @Test
  void isStoppedWithoutAForce() {
    LogNode node = LogNode.started(1);
    refuseForces(node.disk);
    node.log().beginEpoch(3);
    node.directories().close();
    node.disk.heal();

    node.start();

    assertThat(node.directories().directories().getFirst().stopKind()).isEqualTo(StopKind.CLEAN);
    refuseForces(node.disk);
    node.log().beginEpoch(4);
    node.restart();
    assertThat(node.log().offlineReason()).isNull();
  }

  @Test
  void anotherLeaderOfAnIdleLogIsNotForced() {
    LogNode node = LogNode.started(1);
    append(node.log(), 2, batch(1, "a"));
    node.restart();
    refuseForces(node.disk);

    node.log().beginEpoch(5);
    node.restart();

    assertThat(node.directories().directories().getFirst().stopKind()).isEqualTo(StopKind.CLEAN);
    assertThat(node.log().lineage().latestEpoch()).hasValue(2);
  }

  @Test
  void whatItWasForcedToKeepOutlivesAPowerLoss() {
    for (int seed = 0; seed < 200; seed++) {
      LogNode node = LogNode.started(seed);
      if (seed % 2 == 0) {
        node.log();
        node.restart();
      } else {
        node.log();
        node.killProcess();
      }
      append(node.log(), batch(1, "kept"));
      node.log().flush();
      append(node.log(), batch(2, "perhaps"));

      node.crash();

      assertThat(recordValues(node.directories().log(ORDERS).orElseThrow()))
          .describedAs("seed %d", seed)
          .startsWith("kept");
    }
  }

  @Test
  void canBeWrittenToWhateverAPowerLossLeftOfIt() {
    int begunAnew = 0;
    for (int seed = 0; seed < 200; seed++) {
      LogNode node = LogNode.started(seed);
      append(node.log(), batch(1, "first"));

      node.crash();

      boolean isThere = node.directories().log(ORDERS).isPresent();
      begunAnew += isThere ? 0 : 1;
      append(node.log(), batch(2, "second"));
      node.restart();
      assertThat(recordValues(node.log())).describedAs("seed %d", seed).endsWith("second");
    }
    assertThat(begunAnew).isBetween(1, 199);
  }

  @Test
  void leavesNothingBehindWhenItWasNeverWrittenTo() throws IOException {
    LogNode node = LogNode.started(1);
    node.log();
    node.disk.write(METADATA, ByteBuffer.allocate(40));

    node.killProcess();

    assertThat(node.disk.exists(FOLDER)).isFalse();
  }

  @Test
  void doesNotInheritBatchesOfWhichNobodyKnowsWhoseTheyAre() throws IOException {
    LogNode node = LogNode.started(1);
    append(node.log(), batch(1, "whose?"));
    node.disk.write(METADATA, ByteBuffer.allocate(40));
    node.killProcess();
    TopicIdPartition again = new TopicIdPartition(new Uuid(1, 1), 0, "orders");

    PartitionLog log = node.directories().create(again, node.config);

    assertThat(log.offsets().logEndOffset()).isZero();
    assertThat(node.disk.exists(SegmentFiles.log(DATA.resolve("orders-0.1-stray"), 0))).isTrue();
    node.restart();
    assertThat(node.disk.exists(SegmentFiles.log(DATA.resolve("orders-0.1-stray"), 0))).isTrue();
    assertThat(node.directories().log(again)).isPresent();
  }

  @Test
  void takesThePlaceOfAnAttemptThatFailed() {
    LogNode node = LogNode.started(1);
    node.disk.capacityBytes(0);
    assertThatThrownBy(node::log).isInstanceOf(KafkaStorageException.class);
    node.disk.capacityBytes(Long.MAX_VALUE);

    append(node.log(), batch(1, "fine"));

    assertThat(recordValues(node.log())).containsExactly("fine");
  }
}
