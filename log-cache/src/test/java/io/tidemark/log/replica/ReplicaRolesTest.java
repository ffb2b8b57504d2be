package io.tidemark.log.replica;

import static io.tidemark.log.replica.ReplicaNode.batch;
import static io.tidemark.log.replica.ReplicaNode.fetched;
import static io.tidemark.log.replica.ReplicaNode.idempotent;
import static io.tidemark.log.replica.ReplicaNode.replicate;
import static io.tidemark.log.replica.ReplicaNode.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.replica.ReplicaNode.Told;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.scenario.Scenario;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

/**
 * Replicas that lead and follow: who is in sync, what is copied, where their logs begin and end.
 */
class ReplicaRolesTest {
  private final ReplicaNode node = new ReplicaNode(1);

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

  // producers

  @Test
  void aBatchBehindOneThatWasRefusedWaitsForItAtALeaderThatKnowsNeither() throws Exception {
    Replica replica = node.start().follow(1);
    Told first = node.append(replica, Acks.LEADER, idempotent(9, 0, 0, "a", "b"));
    node.leadAlone(2);
    Told second = node.append(replica, Acks.LEADER, idempotent(9, 0, 2, "c"));
    Told other = node.append(replica, Acks.LEADER, idempotent(8, 0, 7, "x"));
    Told firstAgain = node.append(replica, Acks.LEADER, idempotent(9, 0, 0, "a", "b"));
    Told secondAgain = node.append(replica, Acks.LEADER, idempotent(9, 0, 2, "c"));

    assertThat(first.refused().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(second.refused().error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    assertThat(other.ok().baseOffset()).isZero();
    assertThat(firstAgain.ok().baseOffset()).isEqualTo(1);
    assertThat(secondAgain.ok().baseOffset()).isEqualTo(3);
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("x", "a", "b", "c");
  }

  @Test
  void aProducerThatGaveUpIsNotWaitedForLongerThanProducersTry() {
    Replica replica = node.start().follow(1);
    node.append(replica, Acks.LEADER, idempotent(9, 0, 0, "a"));
    node.leadAlone(2);
    node.time.advanceMs(RefusedProducers.KEPT_MS);

    assertThat(node.append(replica, Acks.LEADER, idempotent(9, 0, 1, "b")).ok().baseOffset())
        .isZero();
  }

  // following

  @Test
  void aFollowerCutsWhatItsLeaderDoesNotHave() throws Exception {
    Replica leader = node.start().lead(1, List.of(1, 2));
    ReplicaNode second = new ReplicaNode(2);
    Replica follower = second.start().follow(1);
    node.append(leader, Acks.LEADER, batch("a"));
    node.append(leader, Acks.LEADER, batch("b"));
    replicate(leader, follower);
    // The follower leads for a while and writes what nobody gets; the old leader is elected again.
    follower.becomeLeader(new LeaderAssignment(2, 2, List.of(1, 2, 3), List.of(1, 2), 0, 0)).join();
    second.append(follower, Acks.LEADER, batch("lost"));
    second.append(follower, Acks.LEADER, batch("lost too"));
    leader.becomeLeader(new LeaderAssignment(3, 3, List.of(1, 2, 3), List.of(1, 2), 0, 0)).join();
    node.append(leader, Acks.LEADER, batch("c"));
    second.follow(3);
    replicate(leader, follower);
    replicate(leader, follower);

    assertThat(ReplicaNode.values(follower, 0)).containsExactly("a", "b", "c");
    assertThat(follower.lineage().entries()).isEqualTo(leader.lineage().entries());
    assertThat(leader.view().highWatermark()).isEqualTo(3);
  }

  @Test
  void anEpochLedInVainDoesNotHideWhoWroteWhatTheNextLeaderSends() throws Exception {
    Replica leader = node.start().lead(1, List.of(1, 2));
    ReplicaNode second = new ReplicaNode(2);
    Replica follower = second.start().follow(1);
    node.append(leader, Acks.LEADER, batch("a"));
    replicate(leader, follower);
    node.append(leader, Acks.LEADER, batch("b"));
    follower.becomeLeader(new LeaderAssignment(2, 2, List.of(1, 2, 3), List.of(2), 0, 0)).join();
    leader.becomeLeader(new LeaderAssignment(3, 3, List.of(1, 2, 3), List.of(1), 0, 0)).join();
    node.append(leader, Acks.LEADER, batch("c"));
    second.follow(3);
    replicate(leader, follower);

    assertThat(ReplicaNode.values(follower, 0)).containsExactly("a", "b", "c");
    assertThat(follower.lineage()).isEqualTo(leader.lineage());
  }

  @Test
  void aFollowerBelowItsLeadersLogStartBeginsThereAndOneThatReachesItStays() throws Exception {
    Replica leader = node.start().lead(1, List.of(1));
    for (String value : List.of("a", "b", "c", "d")) {
      node.append(leader, Acks.LEADER, batch(value));
    }
    leader.advanceLogStart(3).join();
    Replica follower = new ReplicaNode(2).start().follow(1);

    assertThat(follower.startAtLeader(1, 3).join()).isEqualTo(3);
    assertThat(follower.startAtLeader(1, 3).join()).isEqualTo(3);
    replicate(leader, follower);

    assertThat(ReplicaNode.values(follower, 3)).containsExactly("d");
    assertThat(follower.view().logStartOffset()).isEqualTo(3);
    assertThat(follower.startAtLeader(1, 2).join()).isEqualTo(4);
  }

  @Test
  void aLogStartWithinABatchTakesTheWholeBatchAndHidesItsBeginning() throws Exception {
    Replica leader = node.start().lead(1, List.of(1));
    node.append(leader, Acks.LEADER, batch("a", "b", "c"));
    node.append(leader, Acks.LEADER, batch("d"));
    leader.advanceLogStart(2).join();
    ReplicaNode second = new ReplicaNode(2);
    Replica follower = second.start().follow(1);
    follower.startAtLeader(1, 2).join();
    replicate(leader, follower);

    assertThat(follower.view().logStartOffset()).isEqualTo(2);
    assertThat(follower.view().localLogStartOffset()).isEqualTo(2);
    assertThat(follower.view().logEndOffset()).isEqualTo(4);
    assertThat(ReplicaNode.values(follower, 2)).endsWith("c", "d");
    assertThat(follower.lineage().entries()).isEqualTo(leader.lineage().between(2, 4).entries());
  }

  @Test
  @Scenario("S-26")
  void aFollowerServesReadersUpToItsOwnHighWatermarkAndNoFurther() throws Exception {
    Replica leader = node.start().lead(1, List.of(1, 2));
    Replica follower = new ReplicaNode(2).start().follow(1);
    node.append(leader, Acks.LEADER, batch("a"));
    replicate(leader, follower);
    node.append(leader, Acks.LEADER, batch("b"));
    ReplicaRead sent = leader.read(new ReadRequest(1, 1_000, true, Isolation.LOG_END, 1, 1, true));
    follower
        .replicate(
            new BatchValidator(Time.SYSTEM)
                .validate(
                    Objects.requireNonNull(sent.slice()).toBuffer(),
                    follower.view().config(),
                    AppendOrigin.REPLICA),
            new LeaderProgress(1, 1, 0))
        .join();
    sent.release();

    assertThat(follower.view().logEndOffset()).isEqualTo(2);
    assertThat(follower.view().highWatermark()).isEqualTo(1);
    assertThat(ReplicaNode.values(follower, 0)).containsExactly("a");
    ReadRequest beyond = new ReadRequest(1, 1_000, true, Isolation.HIGH_WATERMARK, 1, -1, false);
    assertThat(follower.read(beyond).source()).isEqualTo(ReadSource.NONE);
  }

  @Test
  void aFollowerPausesWhileItsDirectoryIsNearlyFull() throws Exception {
    Replica leader = new ReplicaNode(2).start().lead(1, List.of(1, 2));
    node.minFreeBytes = 1 << 20;
    Replica follower = node.start().follow(1);
    node.disk.capacityBytes(100_000);
    node.measureFreeSpace();
    new ReplicaNode(3).append(leader, Acks.LEADER, batch("a"));

    assertThatThrownBy(() -> replicate(leader, follower))
        .hasCauseInstanceOf(NotEnoughReplicasException.class);
    node.disk.capacityBytes(Long.MAX_VALUE);
    node.measureFreeSpace();
    replicate(leader, follower);
    assertThat(follower.view().logEndOffset()).isEqualTo(1);
  }

  @Test
  void aDeposedLeaderAcceptsNothingOfAnOldEpoch() {
    Replica replica = node.start().lead(3, List.of(1, 2));
    Told waiting = node.append(replica, Acks.ALL, batch("a"));
    node.follow(4);

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
  void anAssignmentOlderThanTheTierGivesUpNothingThatIsInTheBucket() {
    Replica replica = node.start().leadAlone(1);
    for (int i = 0; i < 60; i++) {
      node.append(replica, Acks.ALL, batch("x".repeat(1_000) + i));
    }
    replica.roll().join();
    long tiered = replica.uploadable().get(1).nextOffset();
    replica.tieredTo(tiered).join();
    replica.deleteLocalSegments(Long.MAX_VALUE).join();
    // The image that it is made from does not show the manifest yet.
    replica.becomeLeader(new LeaderAssignment(1, 2, List.of(1), List.of(1), 0, 0)).join();

    assertThat(replica.view().localLogStartOffset()).isEqualTo(tiered);
    assertThat(replica.view().logStartOffset()).isZero();
    assertThat(source(replica, 0)).isEqualTo(ReadSource.BUCKET);
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

  private static ReadRequest read(int currentLeaderEpoch, boolean leaderOnly) {
    return new ReadRequest(
        0, 1000, true, Isolation.HIGH_WATERMARK, currentLeaderEpoch, -1, leaderOnly);
  }
}
