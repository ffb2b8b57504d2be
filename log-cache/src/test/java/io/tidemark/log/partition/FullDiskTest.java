package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.DATA;
import static io.tidemark.log.partition.LogNode.ORDERS;
import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static io.tidemark.log.partition.LogNode.recordValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.disk.DiskFullException;
import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.scenario.Scenario;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

/** What a log does on a disk without room, and once there is room again. */
class FullDiskTest {
  private static final TopicIdPartition PAYMENTS =
      new TopicIdPartition(new Uuid(8, 8), 3, "payments");

  private final LogNode node = LogNode.started(1);

  private void fill(int batches) {
    for (int i = 0; i < batches; i++) {
      append(node.log(), batch(i, 1, 300));
    }
  }

  private void assertOnline() {
    LogDirectory directory = node.directories().directories().getFirst();
    assertThat(directory.failure()).isNull();
    assertThat(directory.offlineLogs()).isEmpty();
  }

  @Test
  @Scenario({"S-79", "S-81"})
  void anAppendThatDoesNotFitLeavesNothingOfItself() throws Exception {
    fill(3);
    int sizeBytes = batch(9, 1, 300).remaining();
    for (int room = 0; room < sizeBytes; room += 7) {
      node.disk.capacityBytes(node.disk.usedBytes() + room);
      assertThatThrownBy(() -> append(node.log(), batch(9, 1, 300)))
          .isInstanceOf(KafkaStorageException.class);
      assertThat(recordValues(node.log())).hasSize(3);
    }
    node.disk.freed();
    assertThat(append(node.log(), batch(9, 1, 300))).isEqualTo(3);
    node.killProcess();
    assertThat(recordValues(node.log())).hasSize(4);
    assertOnline();
  }

  @Test
  @Scenario("S-81")
  void aRollThatDoesNotFitMayFailAtAnyByte() {
    for (boolean isPowerLoss : List.of(false, true)) {
      boolean isDone = false;
      for (int room = 0; !isDone; room += 5) {
        LogNode other = LogNode.started(room);
        for (int i = 0; i < 8; i++) {
          append(other.log(), batch(i, 1, 300));
        }
        other.log().flush();
        other.disk.capacityBytes(other.disk.usedBytes() + room);
        isDone = rolls(other);
        assertThat(recordValues(other.log())).hasSize(8);
        if (isPowerLoss) {
          other.crash();
        } else {
          other.killProcess();
        }
        assertThat(other.directories().directories().getFirst().offlineLogs()).isEmpty();
        assertThat(recordValues(other.log())).hasSize(8);
        other.disk.freed();
        assertThat(other.log().roll()).isEqualTo(!isDone);
        append(other.log(), batch(8, 1, 300));
        other.restart();
        assertThat(recordValues(other.log())).hasSize(9);
      }
    }
  }

  private static boolean rolls(LogNode node) {
    try {
      return node.log().roll();
    } catch (KafkaStorageException e) {
      assertThat(node.log().offlineReason()).isNull();
      return false;
    }
  }

  @Test
  @Scenario("S-93")
  void withoutInodesARollFailsAndIsDoneLater() {
    fill(8);
    node.disk.fail(Call.CREATE, file -> true, Integer.MAX_VALUE, DiskFullException::new);
    assertThatThrownBy(() -> node.log().roll()).isInstanceOf(KafkaStorageException.class);
    append(node.log(), batch(8, 1, 300));
    PartitionLog payments = node.directories().create(PAYMENTS, node.config);
    assertThatThrownBy(() -> append(payments, batch(1, "paid")))
        .isInstanceOf(KafkaStorageException.class);
    node.directories().checkpoint();
    assertOnline();
    node.disk.heal();
    assertThat(node.log().roll()).isTrue();
    append(payments, batch(1, "paid"));
    node.killProcess();
    assertThat(recordValues(node.log())).hasSize(9);
    assertThat(recordValues(node.directories().log(PAYMENTS).orElseThrow()))
        .containsExactly("paid");
  }

  @Test
  @Scenario("S-81")
  void checkpointsAndTheLineageWaitForRoom() {
    fill(3);
    node.log().beginEpoch(7);
    node.disk.full();
    assertThatThrownBy(() -> node.log().flush()).isInstanceOf(KafkaStorageException.class);
    node.directories().checkpoint();
    assertOnline();
    node.disk.freed();
    assertThat(node.log().flush()).isEqualTo(3);
    node.directories().checkpoint();
    node.crash();
    assertThat(recordValues(node.log())).hasSize(3);
    assertThat(node.log().recoveryPoint()).isEqualTo(3);
  }

  @Test
  @Scenario({"S-79", "S-81"})
  void aNodeStartsOnAFullDiskHoweverItEnded() {
    fill(60);
    append(node.directories().create(PAYMENTS, node.config), batch(1, "paid"));
    List<Runnable> ends =
        List.of(node.directories()::close, node.disk::killProcess, node.disk::killProcess);
    for (Runnable end : ends) {
      end.run();
      node.disk.full();
      node.start();
      assertOnline();
      assertThat(recordValues(node.log())).hasSize(60);
      assertThat(recordValues(node.directories().log(PAYMENTS).orElseThrow()))
          .containsExactly("paid");
    }
    node.log().flush();
    node.disk.crash();
    node.disk.full();
    node.start();
    assertOnline();
    assertThat(recordValues(node.log())).hasSize(60);
    assertThat(node.log().deleteLocalSegmentsBelow(40)).isPositive();
    node.timer().advanceMs(node.config.fileDeleteDelayMs());
    append(node.log(), batch(60, 1, 300));
    node.disk.freed();
    node.restart();
    assertThat(recordValues(node.log()).getLast()).startsWith("60:");
    assertOnline();
  }

  @Test
  @Scenario("S-81")
  void aTruncationThatCannotBeMarkedChangesNothing() {
    fill(30);
    node.log().flush();
    node.directories().checkpoint();
    node.disk.full();
    assertThatThrownBy(() -> node.log().truncateTo(12)).isInstanceOf(KafkaStorageException.class);
    assertThatThrownBy(() -> node.log().truncateFullyAndStartAt(500, node.log().lineage(), null))
        .isInstanceOf(KafkaStorageException.class);
    assertOnline();
    assertThat(recordValues(node.log())).hasSize(30);
    node.disk.freed();
    node.log().truncateTo(12);
    assertThat(recordValues(node.log())).hasSize(12);
    node.killProcess();
    assertThat(recordValues(node.log())).hasSize(12);
  }

  @Test
  @Scenario("S-81")
  void aFolderThatCouldNotBeMadeIsMadeOnceThereIsRoom() throws Exception {
    fill(1);
    PartitionLog payments = node.directories().create(PAYMENTS, node.config);
    for (int room = 0; payments.offsets().logEndOffset() == 0; room += 3) {
      node.disk.capacityBytes(node.disk.usedBytes() + room);
      try {
        append(payments, batch(1, "paid"));
      } catch (KafkaStorageException e) {
        assertThat(e).hasRootCauseInstanceOf(DiskFullException.class);
      }
      assertOnline();
    }
    node.disk.freed();
    assertThat(node.disk.list(DATA.resolve("payments-3")))
        .noneMatch(file -> file.toString().endsWith(".tmp"));
    node.killProcess();
    assertThat(recordValues(node.directories().log(PAYMENTS).orElseThrow()))
        .containsExactly("paid");
    assertThat(node.directories().ids()).contains(ORDERS, PAYMENTS);
  }
}
