package io.tidemark.log.replica;

import static io.tidemark.log.replica.ReplicaNode.batch;
import static io.tidemark.log.replica.ReplicaNode.idempotent;
import static io.tidemark.log.replica.ReplicaNode.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.log.replica.ReplicaNode.Told;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

/** A replica whose disk is full, fails, is slow or hangs, and when it is flushed. */
class ReplicaDiskTest {
  private final ReplicaNode node = new ReplicaNode(1);

  // failing disks

  @Test
  @Scenario("S-79")
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
  @Scenario("S-79")
  void aNearlyFullDirectoryRefusesAppendsButNothingElse() {
    node.minFreeBytes = 1 << 20;
    Replica replica = node.start().leadAlone(1);
    node.append(replica, Acks.ALL, batch("a"));
    node.disk.capacityBytes(100_000);
    node.measureFreeSpace();
    Told refused = node.append(replica, Acks.ALL, batch("b"));

    assertThat(refused.refused().error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    assertThat(refused.refused().message()).contains("nearly full");
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("a");
    node.disk.capacityBytes(Long.MAX_VALUE);
    node.measureFreeSpace();
    assertThat(node.append(replica, Acks.ALL, batch("b")).ok().baseOffset()).isEqualTo(1);
  }

  @Test
  @Scenario("S-83")
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
        ReplicaNode::isLog,
        () -> {
          if (writes[0]++ == 0) {
            drain.add(node.append(replica, Acks.ALL, batch("c")));
            drain.add(node.append(replica, Acks.ALL, idempotent(9, 0, 0, "d")));
            node.disk.fail(Call.WRITE, ReplicaNode::isLog, 1);
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
  @Scenario("S-96")
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
    node.disk.slow(Call.WRITE, ReplicaNode::isLog, () -> node.time.advanceMs(25));
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
        ReplicaNode::isLog,
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

  @Test
  @Scenario("S-23")
  void aFollowerWhoseDiskIsTooSlowIsLeftBehindAndProducersWaitNoLonger() {
    Replica leader = node.start().lead(1, List.of(1, 2));
    List<Told> told = new ArrayList<>();
    long followed = 0;
    for (int i = 0; i < 100 && node.proposals.isEmpty(); i++) {
      told.add(node.append(leader, Acks.ALL, batch("v" + i)));
      // Its disk takes a tenth of what is produced.
      followed += i % 10 == 0 ? 1 : 0;
      ReplicaNode.fetched(leader, 2, followed);
      node.timers().advanceMs(1_000);
    }
    assertThat(told).last().satisfies(last -> assertThat(last.isDone()).isFalse());
    assertThat(node.proposals)
        .singleElement()
        .satisfies(proposal ->
            assertThat(proposal.isr()).extracting(NodeEpoch::nodeId).containsExactly(1));
    node.answers.getFirst().complete(new IsrResult.Committed(1, 2, List.of(1)));

    assertThat(told).allSatisfy(each -> assertThat(each.ok()).isNotNull());
    assertThat(node.append(leader, Acks.ALL, batch("at once")).isDone()).isTrue();
    ReplicaNode.fetched(leader, 2, leader.view().logEndOffset());
    assertThat(node.proposals)
        .last()
        .satisfies(proposal ->
            assertThat(proposal.isr()).extracting(NodeEpoch::nodeId).containsExactly(1, 2));
  }

  @Test
  @Scenario("S-24")
  void aLeaderWhoseDiskIsSlowKeepsItsFollowersInSyncAndShowsHowSlowItIs() {
    Replica leader = node.start().lead(1, List.of(1, 2));
    node.disk.slow(Call.WRITE, ReplicaNode::isLog, () -> node.time.advanceMs(900));
    List<Told> told = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      told.add(node.append(leader, Acks.ALL, batch("v" + i)));
      node.runWriter();
      CompletableFuture<Void> fetched =
          leader.followerProgress(
              new FollowerProgress(new NodeEpoch(2, 20), leader.view().logEndOffset(), 0));
      node.runWriter();
      assertThat(fetched).isCompleted();
      node.timers().advanceMs(500);
      node.runWriter();
    }

    assertThat(told).allSatisfy(each -> assertThat(each.ok()).isNotNull());
    assertThat(node.proposals).isEmpty();
    assertThat(leader.view().isLeader()).isTrue();
    assertThat(node.meters.get("tidemark.log.write").timer().max(TimeUnit.MILLISECONDS))
        .isGreaterThanOrEqualTo(900);
  }

  // flushing

  @Test
  void withFlushMessagesOneAcknowledgementsWaitForASharedFlush() {
    node.config = node.config.toBuilder().flushMessages(1).build();
    Replica replica = node.start().leadAlone(1);
    int[] forces = {0};
    node.disk.slow(Call.FORCE, ReplicaNode::isLog, () -> forces[0]++);
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
  void withFlushMessagesOneAFollowerIsDoneWithAFetchWhenItIsForced() throws Exception {
    ReplicaNode first = new ReplicaNode(1);
    Replica leader = first.start().lead(1, List.of(1, 2));
    first.append(leader, Acks.LEADER, batch("a"));
    ReplicaRead sent = leader.read(new ReadRequest(0, 1_000, true, Isolation.LOG_END, 1, -1, true));
    node.config = node.config.toBuilder().flushMessages(1).build();
    Replica follower = node.start().follow(1);

    CompletableFuture<Long> fetched =
        follower.replicate(
            new BatchValidator(Time.SYSTEM)
                .validate(
                    Objects.requireNonNull(sent.slice()).toBuffer(),
                    follower.view().config(),
                    AppendOrigin.REPLICA),
            new LeaderProgress(1, 0, 0));
    sent.release();

    assertThat(follower.view().logEndOffset()).isEqualTo(1);
    assertThat(fetched).isNotDone();
    node.runWriter();
    assertThat(fetched).isCompletedWithValue(1L);
  }

  @Test
  @Scenario("S-82")
  void aFailedFlushIsNeverTriedAgainAndTrusted() {
    node.config = node.config.toBuilder().flushMessages(1).build();
    Replica replica = node.start().leadAlone(1);
    Told all = node.append(replica, Acks.ALL, batch("a"));
    Told one = node.append(replica, Acks.LEADER, batch("b"));
    node.disk.fail(Call.FORCE, ReplicaNode::isLog, 1);
    node.runWriter();

    assertThat(all.refused().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    assertThat(one.refused().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    assertThat(replica.view().isOnline()).isFalse();
  }

  @Test
  @Scenario("S-81")
  void aFlushThatFindsNoRoomForTheLineageIsMadeOnceThereIsSome() {
    node.config = node.config.toBuilder().flushMessages(1).build();
    Replica replica = node.start().leadAlone(1);
    Told told = node.append(replica, Acks.ALL, batch("a"));
    node.disk.full();
    node.runWriter();
    assertThat(told.isDone()).isFalse();
    assertThat(replica.view().isLeader()).isTrue();
    node.timers().advanceMs(1_000);
    node.runWriter();
    assertThat(told.isDone()).isFalse();
    node.disk.freed();
    node.timers().advanceMs(1_000);
    node.runWriter();

    assertThat(told.ok().baseOffset()).isZero();
    assertThat(node.append(replica, Acks.ALL, batch("b")).isDone()).isFalse();
    node.runWriter();
    assertThat(replica.view().highWatermark()).isEqualTo(2);
  }

  @Test
  @Scenario("S-92")
  void aFlushWithoutAHandleIsMadeOnceThereIsOne() {
    node.config = node.config.toBuilder().flushMessages(1).build();
    Replica replica = node.start().leadAlone(1);
    Told told = node.append(replica, Acks.ALL, batch("a"));
    node.disk.outOfHandles();
    node.runWriter();
    node.timers().advanceMs(1_000);
    node.runWriter();
    assertThat(told.isDone()).isFalse();
    assertThat(node.set().unhealthyDirectories()).isEmpty();
    node.disk.heal();
    node.timers().advanceMs(1_000);
    node.runWriter();

    assertThat(told.ok().baseOffset()).isZero();
  }

  @Test
  void flushMsForcesTheLogAfterAWhile() {
    node.config = node.config.toBuilder().flushMs(2_000).build();
    Replica replica = node.start().leadAlone(1);
    assertThat(node.append(replica, Acks.ALL, batch("a")).isDone()).isTrue();
    int[] forces = {0};
    node.disk.slow(Call.FORCE, ReplicaNode::isLog, () -> forces[0]++);
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
}
