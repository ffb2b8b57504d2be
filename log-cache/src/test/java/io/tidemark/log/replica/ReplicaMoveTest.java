package io.tidemark.log.replica;

import static io.tidemark.log.replica.ReplicaNode.batch;
import static io.tidemark.log.replica.ReplicaNode.idempotent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.disk.DiskFullException;
import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.replica.ReplicaNode.Told;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A replica on its way from one log directory of the node to another. */
class ReplicaMoveTest {
  private static final Path ONE = Path.of("/one");
  private static final Path TWO = Path.of("/two");
  private static final Path THREE = Path.of("/three");
  private static final int BATCHES = 120;

  private final ReplicaNode node = new ReplicaNode(34, ONE, TWO, THREE);
  private final List<String> written = new ArrayList<>();

  /** With {@value #BATCHES} batches in {@code /one}. */
  private Replica filled() {
    Replica replica = node.start().leadAlone(1);
    assertThat(replica.view().logDirectory()).isEqualTo(ONE);
    append(replica, BATCHES);
    return replica;
  }

  private void append(Replica replica, int batches) {
    for (int i = 0; i < batches; i++) {
      String value = "v" + written.size() + "-".repeat(300);
      node.append(replica, Acks.ALL, batch(value));
      written.add(value);
    }
  }

  private CompletableFuture<Void> move(Replica replica, Path directory) {
    return node.set().moves().move(replica, directory);
  }

  private void work() {
    for (int i = 0; i < 20; i++) {
      node.timers().advanceMs(1);
      node.runWriter();
    }
  }

  private boolean isThere(Path directory) {
    return node.disk.exists(directory.resolve("orders-0"));
  }

  private void holds(Replica replica, Path directory) {
    assertThat(replica.view().logDirectory()).isEqualTo(directory);
    assertThat(ReplicaNode.values(replica, 0)).containsExactlyElementsOf(written);
  }

  // the way it goes

  @Test
  void whatIsWrittenBeforeMeanwhileAndAfterwardsIsThere() {
    Replica replica = filled();
    CompletableFuture<Void> begun = move(replica, TWO);
    node.timers().advanceMs(1);
    assertThat(begun).isCompleted();
    append(replica, 5);
    work();
    append(replica, 5);

    holds(replica, TWO);
    assertThat(node.set().moves().underWay()).isEmpty();
    node.timers().advanceMs(60_001);
    assertThat(isThere(ONE)).isFalse();
    node.stop();
    holds(node.start().leadAlone(2), TWO);
  }

  @Test
  void readersOfTheOldPlaceReadOnAndNewOnesFindTheNewOne() throws IOException {
    Replica replica = filled();
    ReplicaRead before = replica.read(ReadRequest.ofConsumer(0, 1 << 20, Isolation.HIGH_WATERMARK));
    move(replica, TWO).isDone();
    work();
    node.timers().advanceMs(60_001);

    assertThat(ReplicaNode.entries(before)).isNotEmpty();
    holds(replica, TWO);
  }

  @Test
  void aRetryOfWhatWasWrittenBeforeTheMoveIsADuplicateAfterIt() {
    Replica replica = filled();
    Told first = node.append(replica, Acks.ALL, idempotent(9, 0, 0, "a"));
    Told second = node.append(replica, Acks.ALL, idempotent(9, 0, 1, "b"));
    move(replica, TWO).isDone();
    work();

    assertThat(node.append(replica, Acks.ALL, idempotent(9, 0, 1, "b")).ok().baseOffset())
        .isEqualTo(second.ok().baseOffset());
    assertThat(node.append(replica, Acks.ALL, idempotent(9, 0, 2, "c")).ok().baseOffset())
        .isEqualTo(first.ok().baseOffset() + 2);
    node.stop();
    Replica after = node.start().leadAlone(2);
    assertThat(after.view().logDirectory()).isEqualTo(TWO);
    assertThat(node.append(after, Acks.ALL, idempotent(9, 0, 2, "c")).ok().baseOffset())
        .isEqualTo(first.ok().baseOffset() + 2);
  }

  @Test
  void anEmptyLogMovesToo() {
    Replica replica = node.start().leadAlone(1);
    move(replica, TWO).isDone();
    work();
    append(replica, 3);

    holds(replica, TWO);
    node.stop();
    holds(node.start().leadAlone(2), TWO);
  }

  @Test
  void withFlushMessagesOneWhoWaitsForAFlushIsAnsweredAfterTheMove() {
    node.config = node.config.toBuilder().flushMessages(1).build();
    Replica replica = node.start().leadAlone(1);
    move(replica, TWO).isDone();
    node.timers().advanceMs(1);
    Told waits = node.append(replica, Acks.ALL, batch("a"));
    assertThat(waits.isDone()).isFalse();
    work();

    assertThat(waits.ok().baseOffset()).isZero();
    assertThat(replica.view().logDirectory()).isEqualTo(TWO);
    Told after = node.append(replica, Acks.ALL, batch("b"));
    node.runWriter();
    assertThat(after.ok().baseOffset()).isEqualTo(1);
  }

  @Test
  void itMovesBackAgainAtOnce() {
    Replica replica = filled();
    move(replica, TWO).isDone();
    work();
    move(replica, ONE).isDone();
    work();

    holds(replica, ONE);
    node.timers().advanceMs(60_001);
    holds(replica, ONE);
    assertThat(isThere(TWO)).isFalse();
    node.stop();
    holds(node.start().leadAlone(2), ONE);
  }

  // changing one's mind

  @Test
  void askingForWhereItIsGivesTheMoveUp() {
    Replica replica = filled();
    node.set().moves().limit(10_000);
    move(replica, TWO).isDone();
    node.timers().advanceMs(1);
    append(replica, 3);
    assertThat(node.set().moves().underWay())
        .singleElement()
        .satisfies(copying -> {
          assertThat(copying.directory()).isEqualTo(TWO);
          assertThat(copying.offsetLag()).isPositive();
          assertThat(copying.sizeBytes()).isPositive();
        });
    CompletableFuture<Void> kept = move(replica, ONE);
    work();

    assertThat(kept).isCompleted();
    assertThat(node.set().moves().underWay()).isEmpty();
    assertThat(isThere(TWO)).isFalse();
    holds(replica, ONE);
  }

  @Test
  void askingForAThirdDirectoryTurnsItThere() {
    Replica replica = filled();
    node.set().moves().limit(10_000);
    move(replica, TWO).isDone();
    node.timers().advanceMs(1);
    move(replica, THREE).isDone();
    node.timers().advanceMs(600_000);
    work();

    holds(replica, THREE);
    assertThat(isThere(TWO)).isFalse();
  }

  @Test
  void askingTwiceChangesNothing() {
    Replica replica = filled();
    node.set().moves().limit(10_000);
    move(replica, TWO).isDone();
    node.timers().advanceMs(1);
    long copied = node.set().moves().underWay().getFirst().sizeBytes();
    assertThat(move(replica, TWO)).isCompleted();
    node.timers().advanceMs(1);

    assertThat(node.set().moves().underWay().getFirst().sizeBytes()).isEqualTo(copied);
    assertThat(move(replica, TWO)).isCompleted();
  }

  @Test
  void directoriesThatAreNotThereOrHaveFailedAreRefused() {
    Replica replica = filled();
    assertThatThrownBy(() -> move(replica, Path.of("/four")))
        .isInstanceOf(LogDirNotFoundException.class);
    node.disk.fail(Call.WRITE, path -> path.startsWith(TWO), 1_000);
    move(replica, TWO).isDone();
    work();
    assertThatThrownBy(() -> move(replica, TWO)).isInstanceOf(KafkaStorageException.class);
  }

  @Test
  void aReplicaThatIsDeletedTakesItsCopyAlong() {
    Replica replica = filled();
    node.set().moves().limit(10_000);
    move(replica, TWO).isDone();
    node.timers().advanceMs(1);
    CompletableFuture<Void> deleted = node.set().delete(replica.id());
    work();
    node.timers().advanceMs(60_001);

    assertThat(deleted).isCompleted();
    assertThat(isThere(ONE)).isFalse();
    assertThat(isThere(TWO)).isFalse();
    assertThat(node.set().moves().underWay()).isEmpty();
  }

  // what the log does meanwhile

  @Test
  void aLogThatIsCutIsCopiedAnew() {
    Replica replica = node.start().follow(1);
    ReplicaNode other = new ReplicaNode(2);
    Replica leader = other.start().lead(1, List.of(1, 2));
    for (int i = 0; i < 60; i++) {
      other.append(leader, Acks.LEADER, batch("v" + i + "-".repeat(300)));
    }
    replicate(leader, replica);
    node.set().moves().limit(10_000);
    move(replica, TWO).isDone();
    node.timers().advanceMs(1);
    replica.truncateToLeader(1, new EpochEnd(1, 10)).join();
    replicate(leader, replica);
    node.timers().advanceMs(600_000);
    work();

    assertThat(replica.view().logDirectory()).isEqualTo(TWO);
    assertThat(replica.view().logEndOffset()).isEqualTo(60);
    assertThat(replica.lineage()).isEqualTo(leader.lineage());
  }

  private static void replicate(Replica leader, Replica follower) {
    try {
      while (follower.view().logEndOffset() < leader.view().logEndOffset()) {
        ReplicaNode.replicate(leader, follower);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatRetentionTakesIsNotAtTheNewPlace() {
    Replica replica = filled();
    node.set().moves().limit(10_000);
    move(replica, TWO).isDone();
    node.timers().advanceMs(1);
    assertThat(replica.advanceLogStart(100).join()).isEqualTo(100);
    node.timers().advanceMs(600_000);
    work();

    assertThat(replica.view().logDirectory()).isEqualTo(TWO);
    assertThat(replica.view().logStartOffset()).isEqualTo(100);
    assertThat(ReplicaNode.values(replica, 100)).isEqualTo(written.subList(100, BATCHES));
    node.stop();
    assertThat(node.start().leadAlone(2).view().logStartOffset()).isEqualTo(100);
  }

  // disks

  @Test
  @Scenario("S-81")
  void aFullDiskIsWaitedFor() {
    Replica replica = filled();
    node.disk.fail(
        Call.WRITE, path -> path.startsWith(TWO), Integer.MAX_VALUE, DiskFullException::new);
    move(replica, TWO).isDone();
    work();
    node.timers().advanceMs(5_000);
    append(replica, 3);
    holds(replica, ONE);
    node.disk.heal();
    node.timers().advanceMs(2_000);
    work();

    holds(replica, TWO);
    assertThat(node.set().unhealthyDirectories()).isEmpty();
  }

  @Test
  @Scenario("S-96")
  void aDiskThatFailsOnTheWayLeavesTheReplicaWhereItIs() {
    Replica replica = filled();
    node.set().moves().limit(10_000);
    move(replica, TWO).isDone();
    node.timers().advanceMs(1);
    node.disk.fail(Call.WRITE, path -> path.startsWith(TWO), Integer.MAX_VALUE);
    node.disk.fail(Call.FORCE, path -> path.startsWith(TWO), Integer.MAX_VALUE);
    append(replica, 3);
    node.timers().advanceMs(600_000);
    work();
    append(replica, 3);

    holds(replica, ONE);
    assertThat(node.set().unhealthyDirectories()).containsOnlyKeys(TWO);
    assertThat(node.set().moves().underWay()).isEmpty();
  }

  @Test
  @Scenario("S-96")
  void aDiskThatFailsUnderTheReplicaEndsItsMove() {
    Replica replica = filled();
    node.set().moves().limit(10_000);
    move(replica, TWO).isDone();
    node.timers().advanceMs(1);
    node.disk.fail(Call.WRITE, path -> path.startsWith(ONE), Integer.MAX_VALUE);
    assertThat(node.append(replica, Acks.ALL, batch("x")).refused().error())
        .isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    node.timers().advanceMs(600_000);
    work();

    assertThat(replica.view().isOnline()).isFalse();
    assertThat(node.set().moves().underWay()).isEmpty();
  }

  @Test
  @Scenario("S-87")
  void damagedBatchesAreNotCopied() {
    Replica replica = filled();
    node.disk.rot(ONE.resolve("orders-0/00000000000000000000.log"), 200);
    move(replica, TWO).isDone();
    work();

    assertThat(replica.view().logDirectory()).isEqualTo(ONE);
    assertThat(isThere(TWO)).isFalse();
  }

  @Test
  void copyingKeepsBelowItsRate() {
    node.config = node.config.toBuilder().segmentBytes(4 << 20).build();
    Replica replica = node.start().leadAlone(1);
    String mebibyte = "x".repeat(900_000);
    IntStream.range(0, 4).forEach(i -> node.append(replica, Acks.ALL, batch(mebibyte + i)));
    node.set().moves().limit(100_000);
    move(replica, TWO).isDone();
    node.timers().advanceMs(8_000);
    assertThat(node.set().moves().underWay().getFirst().offsetLag()).isEqualTo(3);
    node.set().moves().limit(Long.MAX_VALUE);
    node.timers().advanceMs(2_000);
    work();

    assertThat(replica.view().logDirectory()).isEqualTo(TWO);
  }

  @Test
  void aDiskThatHangsInTheLastMomentIsTheOneThatIsStalled() {
    Replica replica = filled();
    List<Path> stalled = new ArrayList<>();
    node.set().onDirectoryFailure((path, reason, inside) -> stalled.add(path));
    List<Told> meanwhile = new ArrayList<>();
    node.disk.slow(
        Call.MOVE,
        path -> path.endsWith("partition.copy"),
        () -> {
          meanwhile.add(node.append(replica, Acks.ALL, batch("waits")));
          node.timers().advanceMs(6_000);
        });
    move(replica, TWO).isDone();
    work();
    node.disk.heal();
    node.timers().advanceMs(20_000);
    node.runWriter();

    assertThat(stalled).containsExactly(TWO);
    assertThat(meanwhile)
        .singleElement()
        .satisfies(
            told -> assertThat(told.refused().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR));
    holds(replica, TWO);
    assertThat(node.set().unhealthyDirectories()).isEmpty();
  }
}
