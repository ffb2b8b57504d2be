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
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

/**
 * What a log that holds nothing yet costs, and what becomes of one just written to when the machine
 * goes down.
 */
class NewLogTest {
  private static final Path FOLDER = DATA.resolve("orders-0");
  private static final Path METADATA = FOLDER.resolve(SegmentFiles.METADATA);

  /** From now on a force or a sync of anything but the checkpoints would take the log offline. */
  private static void refuseForces(SimulatedDisk disk) {
    disk.fail(Call.FORCE, file -> file.startsWith(FOLDER), 1000);
    disk.fail(Call.SYNC_DIRECTORY, file -> file.startsWith(FOLDER), 1000);
  }

  @Test
  void costsNoFileUntilItIsWrittenTo() {
    LogNode node = LogNode.started(1);
    PartitionLog log = node.log();
    log.beginEpoch(3);
    log.configure(node.config);

    assertThat(log.flush()).isZero();
    assertThat(log.roll()).isFalse();
    assertThat(log.read(0, 100, 100, true).sizeBytes()).isZero();
    assertThat(log.maxTimestamp()).isEmpty();
    assertThat(log.offsetForTimestamp(0, Long.MAX_VALUE)).isEmpty();
    assertThat(log.activeSegment().sizeBytes()).isZero();
    assertThat(log.sizeBytes()).isZero();
    node.directories().checkpoint();
    assertThat(node.disk.exists(FOLDER)).isFalse();

    append(log, batch(1, "a"));

    assertThat(node.disk.exists(METADATA)).isTrue();
    assertThat(recordValues(log)).containsExactly("a");
  }

  @Test
  void isWrittenToWithoutAForce() {
    LogNode node = LogNode.started(1);
    refuseForces(node.disk);
    node.disk.fail(Call.SYNC_DIRECTORY, DATA::equals, 1000);

    append(node.log(), batch(1, "a"));

    assertThat(recordValues(node.log())).containsExactly("a");
  }

  @Test
  void isDeletedWithoutATrace() throws IOException {
    LogNode node = LogNode.started(1);
    node.log();
    node.directories().delete(ORDERS);

    assertThat(node.directories().log(ORDERS)).isEmpty();
    assertThat(node.disk.list(DATA)).noneMatch(file -> file.toString().contains("orders"));
  }

  @Test
  void canBeStartedAtATieredOffset() {
    LogNode node = LogNode.started(1);
    node.log().truncateFullyAndStartAt(70, EpochLineage.EMPTY, null);
    append(node.log(), batch(1, "a"));

    node.restart();

    assertThat(node.log().offsets().localLogStartOffset()).isEqualTo(70);
    assertThat(recordValues(node.log())).containsExactly("a");
  }

  @Test
  void staysInItsDirectory() {
    for (int i = 0; i < 2; i++) {
      LogNode node = new LogNode(5, Path.of("/one"), Path.of("/two"));
      node.recover();
      TopicIdPartition first = new TopicIdPartition(new Uuid(9, 9), 0, "first");
      TopicIdPartition second = new TopicIdPartition(new Uuid(9, 9), 1, "first");
      Path home = node.directories().create(first, node.config).logDirectory();
      Path other = node.directories().create(second, node.config).logDirectory();
      assertThat(home).isNotEqualTo(other);
      node.directories().close();
      node.disk.fail(Call.LIST, (i == 0 ? home : other)::equals, 1);

      node.start();

      TopicIdPartition kept = i == 0 ? second : first;
      TopicIdPartition lost = i == 0 ? first : second;
      assertThat(node.directories().create(kept, node.config).logDirectory())
          .isEqualTo(i == 0 ? other : home);
      assertThatThrownBy(() -> node.directories().create(lost, node.config))
          .isInstanceOf(KafkaStorageException.class)
          .hasMessageContaining("may be in");
    }
  }

  @Test
  void isStoppedAndStartedWithoutAFile() {
    LogNode node = LogNode.started(1);
    node.log().beginEpoch(3);
    node.restart();
    node.log().beginEpoch(4);
    node.restart();

    assertThat(node.directories().directories().getFirst().stopKind()).isEqualTo(StopKind.CLEAN);
    assertThat(node.disk.exists(FOLDER)).isFalse();
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
      switch (seed % 3) {
        case 0 -> node.restart();
        case 1 -> {
          append(node.log(), batch(0, "kept first"));
          node.killProcess();
        }
        default -> node.log();
      }
      append(node.log(), batch(1, "kept"));
      node.log().flush();
      append(node.log(), batch(2, "perhaps"));

      node.crash();

      assertThat(recordValues(node.directories().log(ORDERS).orElseThrow()))
          .describedAs("seed %d", seed)
          .contains("kept");
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
    node.disk.createDirectories(FOLDER);
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
    append(log, batch(2, "ours"));

    assertThat(recordValues(log)).containsExactly("ours");
    assertThat(node.disk.exists(SegmentFiles.log(DATA.resolve("orders-0.1-stray"), 0))).isTrue();
    node.restart();
    assertThat(node.disk.exists(SegmentFiles.log(DATA.resolve("orders-0.1-stray"), 0))).isTrue();
    assertThat(node.directories().log(again)).isPresent();
  }
}
