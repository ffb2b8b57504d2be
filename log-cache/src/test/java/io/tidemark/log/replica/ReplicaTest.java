package io.tidemark.log.replica;

import static io.tidemark.log.replica.ReplicaNode.batch;
import static io.tidemark.log.replica.ReplicaNode.entries;
import static io.tidemark.log.replica.ReplicaNode.idempotent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.replica.ReplicaNode.Told;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** A replica above a simulated disk: appending, reading, failing, leading and following. */
class ReplicaTest {

  private final ReplicaNode node = new ReplicaNode(1);

  // appending and reading

  @Test
  void whatIsAppendedIsAcknowledgedWithItsOffsetsAndReadBack() {
    Replica replica = node.start().leadAlone(3);
    Told first = node.append(replica, Acks.ALL, batch("a", "b"));
    Told second = node.append(replica, Acks.LEADER, batch("c"));
    Told third = node.append(replica, Acks.NONE, batch("d"));

    assertThat(first.ok()).isEqualTo(new AppendOutcome.Appended(0, 1, -1, 0));
    assertThat(second.ok().baseOffset()).isEqualTo(2);
    assertThat(third.ok().lastOffset()).isEqualTo(3);
    assertThat(replica.view().highWatermark()).isEqualTo(4);
    assertThat(replica.view().lastStableOffset()).isEqualTo(4);
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("a", "b", "c", "d");
    assertThat(replica.lineage().entries()).containsExactly(new EpochEntry(3, 0));
  }

  @Test
  void tailReadsComeFromMemoryAndOlderOnesFromTheFile() {
    node.tailCacheBytes = 2L << 20;
    Replica replica = node.start().leadAlone(1);
    String large = "x".repeat(10_000);
    for (int i = 0; i < 300; i++) {
      node.append(replica, Acks.ALL, batch(large + i));
    }

    assertThat(source(replica, 299)).isEqualTo(ReadSource.MEMORY);
    assertThat(source(replica, 0)).isEqualTo(ReadSource.LOCAL_DISK);
    assertThat(source(replica, 300)).isEqualTo(ReadSource.NONE);
    assertThat(ReplicaNode.values(replica, 0)).hasSize(300);
  }

  @Test
  void withoutTheTailCacheRecentBytesCountAsBeingInThePageCache() {
    node.tailCacheBytes = 0;
    Replica replica = node.start().leadAlone(1);
    node.append(replica, Acks.ALL, batch("a"));

    assertThat(source(replica, 0)).isEqualTo(ReadSource.PAGE_CACHE);
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("a");
  }

  @Test
  void readersSeeOnlyWhatTheirIsolationAllows() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    node.append(replica, Acks.LEADER, batch("a"));

    assertThat(source(replica, 0)).isEqualTo(ReadSource.NONE);
    ReplicaRead read = replica.read(new ReadRequest(0, 1000, true, Isolation.LOG_END, 1, -1, true));
    assertThat(entries(read)).hasSize(1);
    assertThatThrownBy(() -> source(replica, 2)).isInstanceOf(OffsetOutOfRangeException.class);
    assertThatThrownBy(() -> source(replica, -1)).isInstanceOf(OffsetOutOfRangeException.class);
  }

  @Test
  void readsUnderAnotherEpochAreRefused() {
    Replica replica = node.start().leadAlone(5);

    assertThatThrownBy(() -> replica.read(read(4, true)))
        .isInstanceOf(FencedLeaderEpochException.class);
    assertThatThrownBy(() -> replica.read(read(6, true)))
        .isInstanceOf(UnknownLeaderEpochException.class);
    assertThat(replica.read(read(5, true)).source()).isEqualTo(ReadSource.NONE);
  }

  @Test
  void theLogStampsItsRecordsWhenItsTopicSaysSo() {
    node.config =
        node.config.toBuilder().messageTimestampType(TimestampType.LOG_APPEND_TIME).build();
    Replica replica = node.start().leadAlone(1);
    node.time.advanceMs(77);
    Told told = node.append(replica, Acks.ALL, batch("a"));
    node.time.advanceMs(5);

    assertThat(told.ok().logAppendTimeMs()).isEqualTo(node.time.milliseconds() - 5);
    assertThat(replica.maxTimestamp(Isolation.HIGH_WATERMARK).orElseThrow().timestampMs())
        .isEqualTo(node.time.milliseconds() - 5);
    Told sent = node.append(replica, Acks.ALL, idempotent(9, 0, 0, "b"));
    node.time.advanceMs(5);
    Told again = node.append(replica, Acks.ALL, idempotent(9, 0, 0, "b"));
    assertThat(again.ok()).isEqualTo(sent.ok());
  }

  @Test
  void appendsThatArriveDuringADrainAreGatheredIntoOneWrite() {
    Replica replica = node.start().leadAlone(1);
    int[] writes = {0};
    List<Told> told = new ArrayList<>();
    node.disk.slow(
        Call.WRITE,
        ReplicaTest::isLog,
        () -> {
          if (writes[0]++ == 0) {
            for (int i = 0; i < 10; i++) {
              told.add(node.append(replica, Acks.ALL, batch("v" + i)));
            }
          }
        });
    node.append(replica, Acks.ALL, batch("first"));

    assertThat(writes[0]).isEqualTo(2);
    assertThat(told).allSatisfy(each -> assertThat(each.isDone()).isTrue());
    assertThat(ReplicaNode.values(replica, 0)).hasSize(11).startsWith("first", "v0", "v1");
  }

  // producers

  @Test
  void aDuplicateIsAcknowledgedWithTheFirstOffsetOnlyOnceThatIsCommitted() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    Told sent = node.append(replica, Acks.ALL, idempotent(9, 0, 0, "a", "b"));
    Told again = node.append(replica, Acks.ALL, idempotent(9, 0, 0, "a", "b"));
    assertThat(again.appended).isEqualTo(1);
    assertThat(again.isDone()).isFalse();
    fetched(replica, 2, 2);

    assertThat(sent.ok().baseOffset()).isZero();
    assertThat(again.ok()).isEqualTo(sent.ok());
    assertThat(replica.view().logEndOffset()).isEqualTo(2);
  }

  @Test
  void aGapInAProducersSequenceIsRefusedAndOthersOfTheDrainGoOn() {
    Replica replica = node.start().leadAlone(1);
    node.append(replica, Acks.ALL, idempotent(9, 0, 0, "a"));
    Told gap = node.append(replica, Acks.ALL, idempotent(9, 0, 5, "c"));
    Told next = node.append(replica, Acks.ALL, idempotent(9, 0, 1, "b"));

    assertThat(gap.refused().error()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(next.ok().baseOffset()).isEqualTo(1);
  }

  // S-31: S-117
  @Test
  void aDuplicateIsKnownToTheNewLeaderAfterAFailover() throws Exception {
    Replica leader = node.start().lead(1, List.of(1, 2));
    ReplicaNode second = new ReplicaNode(2);
    Replica follower = follow(second.start(), 1);
    node.append(leader, Acks.ALL, idempotent(9, 0, 0, "a", "b"));
    replicate(leader, follower);
    follower.becomeLeader(new LeaderAssignment(2, 2, List.of(1, 2, 3), List.of(1), 0, 0)).join();

    Told again = second.append(follower, Acks.LEADER, idempotent(9, 0, 0, "a", "b"));
    assertThat(again.ok().baseOffset()).isZero();
    assertThat(follower.view().logEndOffset()).isEqualTo(2);
  }

  // failing disks

  @Test
  void whenTheDiskIsFullNothingIsRememberedAndItEndsByItself() {
    Replica replica = node.start().leadAlone(1);
    node.append(replica, Acks.ALL, idempotent(9, 0, 0, "a"));
    node.disk.capacityBytes(0);
    Told refused = node.append(replica, Acks.ALL, idempotent(9, 0, 1, "b"));
    assertThat(refused.refused().error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    assertThat(replica.view().logEndOffset()).isEqualTo(1);
    assertThat(replica.view().isLeader()).isTrue();
    node.disk.capacityBytes(Long.MAX_VALUE);
    Told again = node.append(replica, Acks.ALL, idempotent(9, 0, 1, "b"));

    assertThat(again.ok().baseOffset()).isEqualTo(1);
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("a", "b");
  }

  @Test
  void aNearlyFullDirectoryRefusesAppendsButNothingElse() {
    node.minFreeBytes = 1 << 20;
    Replica replica = node.start().leadAlone(1);
    node.append(replica, Acks.ALL, batch("a"));
    node.disk.capacityBytes(100_000);
    measureFreeSpace();
    Told refused = node.append(replica, Acks.ALL, batch("b"));

    assertThat(refused.refused().error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    assertThat(refused.refused().message()).contains("nearly full");
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("a");
    node.disk.capacityBytes(Long.MAX_VALUE);
    measureFreeSpace();
    assertThat(node.append(replica, Acks.ALL, batch("b")).ok().baseOffset()).isEqualTo(1);
  }

  private void measureFreeSpace() {
    node.timers().advanceMs(1_001);
    node.runWriter();
    node.timers().advanceMs(1_001);
    node.runWriter();
  }

  @Test
  void aFailingWriteFailsTheWholeDrainAndTakesTheDirectorysReplicasOffline() {
    Replica replica = node.start().leadAlone(1);
    List<String> failures = new ArrayList<>();
    node.set()
        .onDirectoryFailure((path, reason, inside) -> failures.add(path + " " + inside.size()));
    node.append(replica, Acks.ALL, batch("a"));
    List<Told> drain = new ArrayList<>();
    int[] writes = {0};
    node.disk.slow(
        Call.WRITE,
        ReplicaTest::isLog,
        () -> {
          if (writes[0]++ == 0) {
            drain.add(node.append(replica, Acks.ALL, batch("c")));
            drain.add(node.append(replica, Acks.ALL, idempotent(9, 0, 0, "d")));
            node.disk.fail(Call.WRITE, ReplicaTest::isLog, 1);
          }
        });
    drain.add(node.append(replica, Acks.ALL, batch("b")));
    node.timers().advanceMs(1_000);

    assertThat(drain)
        .allSatisfy(
            told -> assertThat(told.refused().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR));
    assertThat(replica.view().role()).isEqualTo(Role.OFFLINE);
    assertThat(replica.view().logEndOffset()).isEqualTo(1);
    assertThat(replica.producers()).isEmpty();
    assertThat(failures).containsExactly("/data 1");
    assertThat(node.set().unhealthyDirectories()).containsKey(Path.of("/data"));
    assertThatThrownBy(() -> source(replica, 0)).isInstanceOf(KafkaStorageException.class);
    assertThat(node.append(replica, Acks.ALL, batch("e")).refused().error())
        .isEqualTo(Errors.KAFKA_STORAGE_ERROR);
  }

  @Test
  void anotherDirectoryNoticesNothing() {
    ReplicaNode two = new ReplicaNode(3, Path.of("/one"), Path.of("/two")).start();
    Replica first = two.leadAlone(1);
    Replica second =
        two.set()
            .createOrOpen(
                new org.apache.kafka.common.TopicIdPartition(
                    new org.apache.kafka.common.Uuid(8, 8), 0, "payments"),
                two.config);
    second.becomeLeader(new LeaderAssignment(1, 1, List.of(1), List.of(1), 0, 0)).join();
    assertThat(second.view().logDirectory()).isNotEqualTo(first.view().logDirectory());
    two.disk.fail(Call.WRITE, path -> path.startsWith(first.view().logDirectory()), 1_000);
    two.append(first, Acks.ALL, batch("a"));
    two.timers().advanceMs(1_000);

    assertThat(first.view().isOnline()).isFalse();
    assertThat(two.append(second, Acks.ALL, batch("b")).ok().baseOffset()).isZero();
  }

  @Test
  void whileADirectoryIsSlowItsWriterDrains() {
    Replica replica = node.start().leadAlone(1);
    node.disk.slow(Call.WRITE, ReplicaTest::isLog, () -> node.time.advanceMs(25));
    node.append(replica, Acks.ALL, batch("a"));
    node.disk.heal();
    Told told = node.append(replica, Acks.ALL, batch("b"));

    assertThat(told.isDone()).isFalse();
    node.runWriter();
    assertThat(told.ok().baseOffset()).isEqualTo(1);
    node.timers().advanceMs(10_001);
    assertThat(node.append(replica, Acks.ALL, batch("c")).isDone()).isTrue();
  }

  @Test
  void aStalledDirectoryRefusesRequestsUntilItsWriteReturns() {
    Replica replica = node.start().leadAlone(1);
    List<String> reasons = new ArrayList<>();
    node.set().onDirectoryFailure((path, reason, inside) -> reasons.add(reason));
    List<Told> meanwhile = new ArrayList<>();
    node.disk.slow(
        Call.WRITE,
        ReplicaTest::isLog,
        () -> {
          meanwhile.add(node.append(replica, Acks.ALL, batch("waits")));
          node.timers().advanceMs(6_000);
          meanwhile.add(node.append(replica, Acks.ALL, batch("comes later")));
          assertThatThrownBy(() -> source(replica, 0)).isInstanceOf(KafkaStorageException.class);
        });
    Told hanging = node.append(replica, Acks.ALL, batch("hangs"));
    node.disk.heal();

    assertThat(meanwhile)
        .hasSize(2)
        .allSatisfy(
            told -> assertThat(told.refused().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR));
    assertThat(hanging.ok().baseOffset()).isZero();
    assertThat(reasons).hasSize(1);
    node.runWriter();
    node.timers().advanceMs(500);
    Told after = node.append(replica, Acks.ALL, batch("after"));
    node.runWriter();
    assertThat(after.ok().baseOffset()).isEqualTo(1);
    assertThat(node.set().unhealthyDirectories()).isEmpty();
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("hangs", "after");
  }

  // flushing

  @Test
  void withFlushMessagesOneAcknowledgementsWaitForASharedFlush() {
    node.config = node.config.toBuilder().flushMessages(1).build();
    Replica replica = node.start().leadAlone(1);
    int[] forces = {0};
    node.disk.slow(Call.FORCE, ReplicaTest::isLog, () -> forces[0]++);
    List<Told> told = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      told.add(node.append(replica, i % 2 == 0 ? Acks.ALL : Acks.LEADER, batch("v" + i)));
    }
    assertThat(told).allSatisfy(each -> assertThat(each.isDone()).isFalse());
    assertThat(replica.view().highWatermark()).isZero();
    assertThat(replica.view().logEndOffset()).isEqualTo(5);
    node.runWriter();

    assertThat(told).allSatisfy(each -> assertThat(each.ok()).isNotNull());
    assertThat(forces[0]).isEqualTo(1);
    assertThat(replica.view().highWatermark()).isEqualTo(5);
  }

  @Test
  void aFailedFlushIsNeverTriedAgainAndTrusted() {
    node.config = node.config.toBuilder().flushMessages(1).build();
    Replica replica = node.start().leadAlone(1);
    Told all = node.append(replica, Acks.ALL, batch("a"));
    Told one = node.append(replica, Acks.LEADER, batch("b"));
    node.disk.fail(Call.FORCE, ReplicaTest::isLog, 1);
    node.runWriter();

    assertThat(all.refused().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    assertThat(one.refused().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    assertThat(replica.view().isOnline()).isFalse();
  }

  @Test
  void flushMsForcesTheLogAfterAWhile() {
    node.config = node.config.toBuilder().flushMs(2_000).build();
    Replica replica = node.start().leadAlone(1);
    assertThat(node.append(replica, Acks.ALL, batch("a")).isDone()).isTrue();
    int[] forces = {0};
    node.disk.slow(Call.FORCE, ReplicaTest::isLog, () -> forces[0]++);
    node.timers().advanceMs(1_000);
    node.runWriter();
    assertThat(forces[0]).isZero();
    node.timers().advanceMs(2_000);
    node.runWriter();
    assertThat(forces[0]).isEqualTo(1);
    node.timers().advanceMs(5_000);
    node.runWriter();

    assertThat(forces[0]).isEqualTo(1);
  }

  // watching

  @Test
  void aWatcherIsWokenOnceUntilItHasLooked() throws Exception {
    Replica replica = node.start().leadAlone(1);
    List<Long> woken = new ArrayList<>();
    ReplicaWatch watch = replica.watch(changed -> woken.add(changed.view().logEndOffset()));
    node.append(replica, Acks.ALL, batch("a"));
    node.append(replica, Acks.ALL, batch("b"));
    assertThat(woken).containsExactly(1L);
    assertThat(watch.look().logEndOffset()).isEqualTo(2);
    replica.advanceLogStart(1).join();
    assertThat(woken).containsExactly(1L, 2L);
    watch.look();
    replica.isrCommitted(1, 1, List.of(1)).join();
    assertThat(woken).hasSize(2);
    watch.close();
    node.append(replica, Acks.ALL, batch("c"));

    assertThat(woken).hasSize(2);
  }

  // ISR

  @Test
  void anIsrChangeGoesToTheQuorumAndComesBack() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    Told told = node.append(replica, Acks.ALL, batch("a"));
    node.timers().advanceMs(31_000);
    assertThat(node.proposals).hasSize(1);
    assertThat(node.proposals.getFirst().isr()).containsExactly(new NodeEpoch(1, 10));
    node.answers.getFirst().completeExceptionally(new IllegalStateException("connection lost"));
    node.timers().advanceMs(1_000);
    assertThat(node.proposals).hasSize(2);
    node.answers.get(1).complete(new IsrResult.Committed(1, 2, List.of(1)));

    assertThat(told.ok().baseOffset()).isZero();
    assertThat(replica.view().isr()).containsExactly(1);
    assertThat(replica.view().partitionEpoch()).isEqualTo(2);
  }

  @Test
  void aFetchOfSomebodyWhoIsNoReplicaIsNotCounted() {
    Replica replica = node.start().lead(1, List.of(1, 2));

    assertThat(replica.followerProgress(new FollowerProgress(new NodeEpoch(9, 1), 0, 0)))
        .failsWithin(java.time.Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(NotLeaderOrFollowerException.class);
  }

  // following

  @Test
  void aFollowerCutsWhatItsLeaderDoesNotHave() throws Exception {
    Replica leader = node.start().lead(1, List.of(1, 2));
    ReplicaNode second = new ReplicaNode(2);
    Replica follower = follow(second.start(), 1);
    node.append(leader, Acks.LEADER, batch("a"));
    node.append(leader, Acks.LEADER, batch("b"));
    replicate(leader, follower);
    // The follower leads for a while and writes what nobody gets; the old leader is elected again.
    follower.becomeLeader(new LeaderAssignment(2, 2, List.of(1, 2, 3), List.of(1, 2), 0, 0)).join();
    second.append(follower, Acks.LEADER, batch("lost"));
    second.append(follower, Acks.LEADER, batch("lost too"));
    leader.becomeLeader(new LeaderAssignment(3, 3, List.of(1, 2, 3), List.of(1, 2), 0, 0)).join();
    node.append(leader, Acks.LEADER, batch("c"));
    follow(second, 3);
    replicate(leader, follower);
    replicate(leader, follower);

    assertThat(ReplicaNode.values(follower, 0)).containsExactly("a", "b", "c");
    assertThat(follower.lineage().entries()).isEqualTo(leader.lineage().entries());
    assertThat(leader.view().highWatermark()).isEqualTo(3);
  }

  @Test
  void aFollowerPausesWhileItsDirectoryIsNearlyFull() throws Exception {
    Replica leader = new ReplicaNode(2).start().lead(1, List.of(1, 2));
    node.minFreeBytes = 1 << 20;
    Replica follower = follow(node.start(), 1);
    node.disk.capacityBytes(100_000);
    measureFreeSpace();
    new ReplicaNode(3).append(leader, Acks.LEADER, batch("a"));

    assertThatThrownBy(() -> replicate(leader, follower))
        .hasCauseInstanceOf(NotEnoughReplicasException.class);
    node.disk.capacityBytes(Long.MAX_VALUE);
    measureFreeSpace();
    replicate(leader, follower);
    assertThat(follower.view().logEndOffset()).isEqualTo(1);
  }

  @Test
  void aDeposedLeaderAcceptsNothingOfAnOldEpoch() {
    Replica replica = node.start().lead(3, List.of(1, 2));
    Told waiting = node.append(replica, Acks.ALL, batch("a"));
    follow(node, 4);

    assertThat(waiting.refused().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(node.append(replica, Acks.LEADER, batch("b")).refused().error())
        .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThatThrownBy(() -> replica.read(read(-1, true)))
        .isInstanceOf(NotLeaderOrFollowerException.class);
    assertThat(replica.read(read(-1, false)).source()).isEqualTo(ReadSource.NONE);
  }

  // both ends of the log

  @Test
  void localSegmentsGoOnlyBelowTheTieredOffsetAndReadsThenSayBucket() {
    Replica replica = node.start().leadAlone(1);
    for (int i = 0; i < 60; i++) {
      node.append(replica, Acks.ALL, batch("x".repeat(1_000) + i));
    }
    replica.roll().join();
    List<ClosedSegment> uploadable = replica.uploadable();
    assertThat(uploadable.size()).isGreaterThan(2);
    assertThat(replica.deleteLocalSegments(Long.MAX_VALUE).join()).isZero();
    long tiered = uploadable.get(1).nextOffset();
    replica.tieredTo(tiered).join();
    assertThat(replica.uploadable().size()).isEqualTo(uploadable.size() - 2);
    assertThat(replica.deleteLocalSegments(Long.MAX_VALUE).join()).isEqualTo(2);

    assertThat(replica.view().localLogStartOffset()).isEqualTo(tiered);
    assertThat(replica.view().logStartOffset()).isZero();
    assertThat(source(replica, 0)).isEqualTo(ReadSource.BUCKET);
    assertThat(ReplicaNode.values(replica, tiered)).hasSize((int) (60 - tiered));
  }

  @Test
  void uploadableEndsAtTheLastStableOffset() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    node.append(replica, Acks.LEADER, batch("a"));
    replica.roll().join();
    assertThat(replica.closedSegments()).hasSize(1);
    assertThat(replica.uploadable()).isEmpty();
    fetched(replica, 2, 1);

    assertThat(replica.uploadable()).hasSize(1);
  }

  @Test
  void theLogStartMovesUpToTheHighWatermarkAndSurvivesARestart() {
    Replica replica = node.start().leadAlone(1);
    for (int i = 0; i < 40; i++) {
      node.append(replica, Acks.ALL, batch("x".repeat(1_000) + i));
    }
    assertThat(replica.advanceLogStart(35).join()).isEqualTo(35);
    assertThat(replica.advanceLogStart(10).join()).isEqualTo(35);
    assertThatThrownBy(() -> source(replica, 34)).isInstanceOf(OffsetOutOfRangeException.class);
    assertThat(replica.closedSegments()).hasSizeLessThan(2);
    node.stop();
    Replica reopened = node.start().leadAlone(2);

    assertThat(reopened.view().logStartOffset()).isEqualTo(35);
    assertThat(reopened.view().highWatermark()).isEqualTo(40);
    assertThat(ReplicaNode.values(reopened, 35)).hasSize(5);
    assertThat(reopened.advanceLogStart(1_000).join()).isEqualTo(40);
  }

  @Test
  void theHighWatermarkSurvivesARestartOfAFollower() throws Exception {
    Replica replica = node.start().lead(1, List.of(1, 2));
    for (int i = 0; i < 5; i++) {
      node.append(replica, Acks.LEADER, batch("v" + i));
    }
    fetched(replica, 2, 3);
    node.stop();
    Replica reopened = node.start().open();

    assertThat(reopened.view().highWatermark()).isEqualTo(3);
    assertThat(reopened.view().logEndOffset()).isEqualTo(5);
  }

  @Test
  void aLogBelowTheTieredOffsetMayNotLeadBeforeItStartsAgainThere() {
    Replica replica = node.start().open();
    LeaderAssignment assignment = new LeaderAssignment(4, 4, List.of(1), List.of(1), 100, 20);
    CompletableFuture<Void> refused = replica.becomeLeader(assignment);
    assertThat(refused)
        .failsWithin(java.time.Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(LogBehindTierException.class);
    assertThat(replica.view().isLeader()).isFalse();
    replica
        .restartAt(100, EpochLineage.of(List.of(new EpochEntry(1, 0), new EpochEntry(3, 50))), null)
        .join();
    replica.becomeLeader(assignment).join();
    Told told = node.append(replica, Acks.ALL, batch("a"));

    assertThat(told.ok().baseOffset()).isEqualTo(100);
    assertThat(replica.view().logStartOffset()).isEqualTo(20);
    assertThat(replica.view().localLogStartOffset()).isEqualTo(100);
    assertThat(source(replica, 30)).isEqualTo(ReadSource.BUCKET);
    assertThat(replica.endOffsetForEpoch(4, 1).endOffset()).isEqualTo(50);
    assertThat(replica.endOffsetForEpoch(4, 3).endOffset()).isEqualTo(100);
  }

  @Test
  void aDeletedReplicaIsGoneAndItsNameCanBeUsedAgain() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    Told waiting = node.append(replica, Acks.ALL, batch("a"));
    node.set().delete(ReplicaNode.ORDERS).join();

    assertThat(waiting.refused().error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(node.set().get(ReplicaNode.ORDERS)).isEmpty();
    assertThat(node.set().byName(ReplicaNode.ORDERS.topicPartition())).isEmpty();
    assertThatThrownBy(() -> source(replica, 0))
        .isInstanceOf(UnknownTopicOrPartitionException.class);
    Replica again = node.leadAlone(1);
    assertThat(node.append(again, Acks.ALL, batch("b")).ok().baseOffset()).isZero();
  }

  @Test
  void logsNobodyAskedForAreStray() {
    node.start().leadAlone(1);
    node.stop();
    node.start();

    assertThat(node.set().stray()).containsExactly(ReplicaNode.ORDERS);
    node.open();
    assertThat(node.set().stray()).isEmpty();
    assertThat(node.set().all()).hasSize(1);
  }

  @Test
  void aReconfiguredReplicaGoesByItsNewConfiguration() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    replica.configure(node.config.toBuilder().minInsyncReplicas(3).build()).join();

    assertThat(replica.view().config().minInsyncReplicas()).isEqualTo(3);
    assertThat(node.append(replica, Acks.ALL, batch("a")).refused().error())
        .isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
  }

  // helpers

  private static boolean isLog(Path path) {
    return path.toString().endsWith(".log");
  }

  private static ReadRequest read(int currentLeaderEpoch, boolean leaderOnly) {
    return new ReadRequest(
        0, 1000, true, Isolation.HIGH_WATERMARK, currentLeaderEpoch, -1, leaderOnly);
  }

  private static ReadSource source(Replica replica, long offset) {
    ReplicaRead read =
        replica.read(ReadRequest.ofConsumer(offset, 1_000_000, Isolation.HIGH_WATERMARK));
    read.release();
    return read.source();
  }

  private static void fetched(Replica leader, int followerId, long offset) {
    leader
        .followerProgress(
            new FollowerProgress(new NodeEpoch(followerId, 10L * followerId), offset, 0))
        .join();
  }

  private static Replica follow(ReplicaNode node, int leaderEpoch) {
    Replica replica = node.open();
    replica
        .becomeFollower(
            new FollowerAssignment(
                1, leaderEpoch, leaderEpoch, List.of(1, 2, 3), List.of(1, 2), 0, 0))
        .join();
    return replica;
  }

  /** Fetches as a follower does until it has everything, and once more so that its leader knows. */
  private static void replicate(Replica leader, Replica follower) throws Exception {
    int epoch = leader.view().leaderEpoch();
    for (int i = 0; i < 20; i++) {
      long offset = follower.view().logEndOffset();
      int lastEpoch = offset == 0 ? -1 : follower.lineage().epochOf(offset - 1).orElse(-1);
      ReplicaRead read =
          leader.read(
              new ReadRequest(offset, 500, true, Isolation.LOG_END, epoch, lastEpoch, true));
      if (read.diverging() != null) {
        follower.truncateToLeader(epoch, read.diverging()).join();
        continue;
      }
      fetched(leader, 2, offset);
      LeaderProgress progress =
          new LeaderProgress(epoch, leader.view().highWatermark(), leader.view().logStartOffset());
      java.nio.ByteBuffer bytes =
          read.slice() == null ? java.nio.ByteBuffer.allocate(0) : read.slice().toBuffer();
      read.release();
      follower
          .replicate(
              new io.tidemark.log.validate.BatchValidator(org.apache.kafka.common.utils.Time.SYSTEM)
                  .validate(bytes, follower.view().config(), io.tidemark.log.AppendOrigin.REPLICA),
              progress)
          .join();
    }
  }

  @Test
  void manyBatchesOfOneDrainBeyondASegmentAreWrittenInSeveral() {
    Replica replica = node.start().leadAlone(1);
    List<Told> told = new ArrayList<>();
    boolean[] isFirst = {true};
    node.disk.slow(
        Call.WRITE,
        ReplicaTest::isLog,
        () -> {
          if (isFirst[0]) {
            isFirst[0] = false;
            IntStream.range(0, 40)
                .forEach(
                    i -> told.add(node.append(replica, Acks.ALL, batch("x".repeat(1_000) + i))));
          }
        });
    node.append(replica, Acks.ALL, batch("first"));

    assertThat(told).allSatisfy(each -> assertThat(each.isDone()).isTrue());
    assertThat(replica.closedSegments().size()).isGreaterThan(1);
    assertThat(ReplicaNode.values(replica, 0)).hasSize(41);
  }
}
