package io.tidemark.log.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.replica.ReplicaCore.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A leader with two and three followers: who is in sync, what is committed, who is answered. */
class ReplicaCoreTest {
  private static final TopicIdPartition PARTITION =
      new TopicIdPartition(new Uuid(1, 2), 0, "orders");
  private static final int SELF = 1;
  private static final int B = 2;
  private static final int C = 3;
  private static final int D = 4;
  private static final long LAG_MS = 30_000;

  private final Map<Integer, Long> nodeEpochs =
      new HashMap<>(Map.of(SELF, 10L, B, 20L, C, 30L, D, 40L));
  private final List<IsrProposal> proposals = new ArrayList<>();
  private final List<String> acknowledged = new ArrayList<>();
  private final Map<String, Errors> givenUp = new HashMap<>();
  private final CoreOffsets offsets = new CoreOffsets(0, 0, 0, 0);
  private long nowMs = 1_000_000;
  private ReplicaCore<String> core = newCore(2);

  private ReplicaCore<String> newCore(int minInsyncReplicas) {
    return new ReplicaCore<>(
        PARTITION,
        SELF,
        LAG_MS,
        id -> {
          Long epoch = nodeEpochs.get(id);
          return epoch == null ? OptionalLong.empty() : OptionalLong.of(epoch);
        },
        offsets,
        minInsyncReplicas);
  }

  // high watermark

  @Test
  void aLeaderAloneCommitsWhatItAppends() {
    core = newCore(1);
    lead(1, 1, List.of(SELF), List.of(SELF));
    append("a", 5);

    assertThat(offsets.highWatermark()).isEqualTo(5);
    assertThat(acknowledged).containsExactly("a");
  }

  @Test
  void theHighWatermarkIsTheSmallestLogEndOfTheIsr() {
    leadThree();
    append("a", 10);
    fetch(B, 10);
    assertThat(offsets.highWatermark()).isZero();
    fetch(C, 4);
    assertThat(offsets.highWatermark()).isEqualTo(4);
    assertThat(acknowledged).isEmpty();
    fetch(C, 10);

    assertThat(offsets.highWatermark()).isEqualTo(10);
    assertThat(acknowledged).containsExactly("a");
  }

  @Test
  void theHighWatermarkNeverGoesBack() {
    leadThree();
    append("a", 10);
    fetch(B, 10);
    fetch(C, 10);
    fetch(C, 3);

    assertThat(offsets.highWatermark()).isEqualTo(10);
    append("b", 20);
    fetch(B, 20);
    assertThat(offsets.highWatermark()).isEqualTo(10);
  }

  @Test
  void aNewLeaderCommitsNothingBeforeItsFollowersHaveFetched() {
    offsets.restartedAt(0, 0, 3, 8);
    leadThree();

    assertThat(offsets.highWatermark()).isEqualTo(3);
    fetch(B, 8);
    assertThat(offsets.highWatermark()).isEqualTo(3);
    fetch(C, 8);
    assertThat(offsets.highWatermark()).isEqualTo(8);
  }

  @Test
  void threeFollowersAllCount() {
    lead(1, 1, List.of(SELF, B, C, D), List.of(SELF, B, C, D));
    append("a", 9);
    fetch(B, 9);
    fetch(C, 7);
    fetch(D, 8);

    assertThat(offsets.highWatermark()).isEqualTo(7);
  }

  @Test
  void acknowledgementsComeInOrderOfOffsets() {
    leadThree();
    append("a", 3);
    append("b", 6);
    core.awaitCommit(3, "duplicate of a");
    fetch(B, 6);
    fetch(C, 3);

    act();
    assertThat(acknowledged).containsExactly("a", "duplicate of a");
    fetch(C, 6);
    assertThat(acknowledged).containsExactly("a", "duplicate of a", "b");
  }

  @Test
  void whereFlushesAreWaitedForTheFlushedEndCounts() {
    core = newCore(1);
    lead(1, 1, List.of(SELF), List.of(SELF));
    core.appended(5, 0, nowMs);
    core.awaitCommit(5, "a");
    act();
    assertThat(offsets.highWatermark()).isZero();
    core.flushed(3, nowMs);
    assertThat(offsets.highWatermark()).isEqualTo(3);
    core.flushed(5, nowMs);
    act();

    assertThat(acknowledged).containsExactly("a");
  }

  // S-06, S-07: changes of the ISR

  @Test
  void aShrinkCountsOnlyOnceItIsCommitted() {
    leadThree();
    append("a", 10);
    fetch(B, 10);
    passMs(LAG_MS + 1);
    fetch(B, 10);
    tick();

    assertThat(proposals).hasSize(1);
    assertThat(proposals.getFirst().isr())
        .containsExactly(new NodeEpoch(SELF, 10), new NodeEpoch(B, 20));
    assertThat(offsets.highWatermark()).isZero();
    commit(proposals.getFirst());
    assertThat(offsets.highWatermark()).isEqualTo(10);
    assertThat(acknowledged).containsExactly("a");
    assertThat(core.leadership().isr()).containsExactly(SELF, B);
    assertThat(core.leadership().partitionEpoch()).isEqualTo(2);
  }

  @Test
  void anExpansionCountsFromTheMomentItIsProposed() {
    lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    append("a", 10);
    fetch(B, 10);
    assertThat(offsets.highWatermark()).isEqualTo(10);
    fetch(C, 10);
    assertThat(proposals.getLast().isr()).extracting(NodeEpoch::nodeId).containsExactly(SELF, B, C);
    append("b", 20);
    fetch(B, 20);

    assertThat(offsets.highWatermark()).isEqualTo(10);
    fetch(C, 20);
    assertThat(offsets.highWatermark()).isEqualTo(20);
  }

  @Test
  void aRefusedExpansionDoesNotCountAnyMore() {
    lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    append("a", 10);
    fetch(B, 10);
    fetch(C, 10);
    append("b", 20);
    fetch(B, 20);
    nodeEpochs.remove(C);
    core.isrAnswered(proposals.getLast(), new IsrResult.Refused(Errors.INELIGIBLE_REPLICA), nowMs);

    assertThat(offsets.highWatermark()).isEqualTo(20);
  }

  @Test
  void anUnknownOutcomeKeepsTheMaximalIsrAndIsAskedAgain() {
    lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    append("a", 10);
    fetch(B, 10);
    fetch(C, 10);
    IsrProposal proposal = proposals.getLast();
    core.isrAnswered(proposal, new IsrResult.Refused(Errors.REQUEST_TIMED_OUT), nowMs);
    append("b", 20);
    fetch(B, 20);
    tick();

    assertThat(offsets.highWatermark()).isEqualTo(10);
    assertThat(proposals).containsExactly(proposal, proposal);
  }

  @Test
  void anAnswerThatTheEpochsHaveMovedWaitsForTheImage() {
    lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    append("a", 10);
    fetch(B, 10);
    fetch(C, 10);
    core.isrAnswered(
        proposals.getLast(), new IsrResult.Refused(Errors.INVALID_UPDATE_VERSION), nowMs);
    tick();
    assertThat(proposals).hasSize(1);
    core.isrCommitted(1, 2, List.of(SELF, B, C), nowMs);

    assertThat(core.leadership().isr()).containsExactly(SELF, B, C);
    assertThat(core.leadership().partitionEpoch()).isEqualTo(2);
  }

  @Test
  void olderNewsOfTheIsrChangeNothing() {
    lead(3, 7, List.of(SELF, B, C), List.of(SELF, B, C));
    core.isrCommitted(2, 9, List.of(SELF), nowMs);
    core.isrCommitted(3, 6, List.of(SELF), nowMs);

    assertThat(core.leadership().isr()).containsExactly(SELF, B, C);
    assertThat(core.becomeLeader(assignment(2, 99, List.of(SELF), List.of(SELF)), nowMs))
        .isEqualTo(Change.STALE);
    assertThat(core.becomeLeader(assignment(3, 6, List.of(SELF), List.of(SELF)), nowMs))
        .isEqualTo(Change.STALE);
    assertThat(core.leadership().isr()).containsExactly(SELF, B, C);
  }

  @Test
  void anAnswerToAProposalOfAnEarlierEpochIsIgnored() {
    leadThree();
    append("a", 10);
    fetch(B, 10);
    passMs(LAG_MS + 1);
    fetch(B, 10);
    tick();
    IsrProposal old = proposals.getLast();
    lead(2, 2, List.of(SELF, B, C), List.of(SELF, B, C));
    core.isrAnswered(old, new IsrResult.Committed(1, 3, List.of(SELF, B)), nowMs);

    assertThat(core.leadership().isr()).containsExactly(SELF, B, C);
    assertThat(offsets.highWatermark()).isZero();
  }

  @Test
  void onlyOneChangeIsUnderWayAtATime() {
    lead(1, 1, List.of(SELF, B, C, D), List.of(SELF, B));
    fetch(C, 0);
    fetch(D, 0);
    assertThat(proposals).hasSize(1);
    commit(proposals.getFirst());
    fetch(D, 0);

    assertThat(proposals.getLast().isr())
        .extracting(NodeEpoch::nodeId)
        .containsExactly(SELF, B, C, D);
    assertThat(proposals.getLast().partitionEpoch()).isEqualTo(2);
  }

  @Test
  void aFollowerJoinsOnlyPastTheHighWatermarkAndTheStartOfTheEpoch() {
    offsets.restartedAt(0, 0, 5, 8);
    lead(4, 1, List.of(SELF, B, C), List.of(SELF, B));
    fetch(C, 5);
    assertThat(proposals).isEmpty();
    fetch(C, 7);
    assertThat(proposals).isEmpty();
    fetch(C, 8);

    assertThat(proposals).hasSize(1);
  }

  // S-08

  @Test
  void aFencedNodeOrAnEarlierLifeOfOneDoesNotJoin() {
    lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    nodeEpochs.remove(C);
    fetch(C, 0);
    nodeEpochs.put(C, 31L);
    core.followerFetched(new FollowerProgress(new NodeEpoch(C, 30), 0, 0), nowMs);
    act();
    assertThat(proposals).isEmpty();
    fetch(C, 0);

    assertThat(proposals).hasSize(1);
  }

  @Test
  void aFetchOfAnEarlierLifeIsNotCounted() {
    leadThree();
    append("a", 10);
    fetch(B, 10);
    fetch(C, 5);
    nodeEpochs.put(C, 31L);
    fetch(C, 2);

    assertThat(core.followerFetched(new FollowerProgress(new NodeEpoch(C, 30), 10, 0), nowMs))
        .isFalse();
    assertThat(offsets.highWatermark()).isEqualTo(5);
    assertThat(core.followerFetched(new FollowerProgress(new NodeEpoch(9, 1), 10, 0), nowMs))
        .isFalse();
  }

  // lag

  @Test
  void aFollowerThatKeepsUpWithAMovingLogEndStays() {
    leadThree();
    for (int i = 1; i <= 20; i++) {
      append("a" + i, i * 10L);
      fetch(B, i * 10L);
      // Always one append behind, but caught up with the log end of its fetch before.
      fetch(C, (i - 1) * 10L);
      passMs(LAG_MS / 4);
      tick();
    }

    assertThat(proposals).isEmpty();
  }

  @Test
  void aFollowerThatFallsBehindOrFallsSilentIsDropped() {
    leadThree();
    append("a", 100);
    for (int i = 1; i <= 8; i++) {
      fetch(B, 100);
      fetch(C, i);
      passMs(LAG_MS / 4);
      tick();
    }

    assertThat(proposals.getFirst().isr()).extracting(NodeEpoch::nodeId).containsExactly(SELF, B);
  }

  @Test
  void anIdleFollowerAtTheLogEndStays() {
    leadThree();
    append("a", 5);
    fetch(B, 5);
    fetch(C, 5);
    passMs(10 * LAG_MS);
    tick();

    assertThat(proposals).isEmpty();
  }

  @Test
  void theHighWatermarkWaitsForACaughtUpFollowerSoThatItCanJoin() {
    lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    append("a", 10);
    fetch(B, 10);
    assertThat(offsets.highWatermark()).isEqualTo(10);
    nodeEpochs.put(C, 33L);
    core.followerFetched(new FollowerProgress(new NodeEpoch(C, 33), 9, 0), nowMs);
    append("b", 20);
    core.followerFetched(new FollowerProgress(new NodeEpoch(C, 33), 10, 0), nowMs);
    act();
    fetch(B, 20);

    assertThat(proposals).hasSize(1);
    assertThat(offsets.highWatermark()).isEqualTo(10);
  }

  // S-17, S-18

  @Test
  void belowMinIsrOnlyAcksAllAreRefusedAndTheHighWatermarkStands() {
    lead(1, 1, List.of(SELF, B, C), List.of(SELF));
    append("a", 10);

    assertThat(core.refusesAppend(Acks.ALL, -1)).contains(Errors.NOT_ENOUGH_REPLICAS);
    assertThat(core.refusesAppend(Acks.LEADER, -1)).isEmpty();
    assertThat(offsets.highWatermark()).isZero();
  }

  @Test
  void theHighWatermarkGoesOnWhenEnoughAreInSyncAgain() {
    lead(1, 1, List.of(SELF, B, C), List.of(SELF));
    append("a", 10);
    fetch(B, 10);
    assertThat(offsets.highWatermark()).isZero();
    commit(proposals.getLast());

    assertThat(offsets.highWatermark()).isEqualTo(10);
    assertThat(core.refusesAppend(Acks.ALL, -1)).isEmpty();
  }

  @Test
  void appendsThatWaitWhenTheIsrBecomesTooSmallAreGivenUp() {
    lead(1, 1, List.of(SELF, B), List.of(SELF, B));
    append("a", 10);
    passMs(LAG_MS + 1);
    tick();
    assertThat(givenUp).isEmpty();
    commit(proposals.getLast());

    assertThat(givenUp).containsEntry("a", Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    assertThat(acknowledged).isEmpty();
    assertThat(offsets.highWatermark()).isZero();
  }

  @Test
  void moreReplicasThanThereAreCannotBeAskedFor() {
    core = newCore(3);
    lead(1, 1, List.of(SELF, B), List.of(SELF, B));
    append("a", 10);
    fetch(B, 10);

    assertThat(core.refusesAppend(Acks.ALL, -1)).isEmpty();
    assertThat(acknowledged).containsExactly("a");
  }

  @Test
  void raisingMinIsrGivesUpWhatCannotBeAcknowledgedUnderIt() {
    core = newCore(1);
    lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    append("a", 10);
    core.configure(3, nowMs);
    act();

    assertThat(givenUp).containsEntry("a", Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    assertThat(core.refusesAppend(Acks.ALL, -1)).contains(Errors.NOT_ENOUGH_REPLICAS);
  }

  // S-04: roles and epochs

  @Test
  void anAppendUnderAnotherEpochIsRefused() {
    lead(5, 1, List.of(SELF, B), List.of(SELF, B));

    assertThat(core.refusesAppend(Acks.ALL, 4)).contains(Errors.FENCED_LEADER_EPOCH);
    assertThat(core.refusesAppend(Acks.ALL, 6)).contains(Errors.UNKNOWN_LEADER_EPOCH);
    assertThat(core.refusesAppend(Acks.ALL, 5)).isEmpty();
  }

  @Test
  void aDeposedLeaderGivesUpItsWaitingAppendsAndRefusesNewOnes() {
    leadThree();
    append("a", 10);
    core.becomeFollower(following(2, 2, B));
    act();

    assertThat(givenUp).containsEntry("a", Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(core.refusesAppend(Acks.LEADER, -1)).contains(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(core.refuses(1, true)).contains(Errors.FENCED_LEADER_EPOCH);
    assertThat(core.refuses(2, false)).isEmpty();
    assertThat(core.refuses(3, false)).contains(Errors.UNKNOWN_LEADER_EPOCH);
    fetch(B, 10);
    fetch(C, 10);
    assertThat(acknowledged).isEmpty();
  }

  @Test
  void aReelectedLeaderKnowsNothingOfItsFollowersProgress() {
    leadThree();
    append("a", 10);
    fetch(B, 10);
    core.becomeFollower(following(2, 2, B));
    lead(3, 3, List.of(SELF, B, C), List.of(SELF, B, C));
    fetch(C, 10);

    assertThat(offsets.highWatermark()).isZero();
    fetch(B, 10);
    assertThat(offsets.highWatermark()).isEqualTo(10);
  }

  @Test
  void aReplicaWithoutARoleServesNobody() {
    assertThat(core.refuses(-1, false)).contains(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(core.leadership().role()).isEqualTo(Role.OFFLINE);
  }

  @Test
  void offlineIsForGood() {
    leadThree();
    append("a", 10);
    core.goOffline(Errors.KAFKA_STORAGE_ERROR, "EIO");
    core.goOffline(Errors.NOT_LEADER_OR_FOLLOWER, "shutting down");
    act();

    assertThat(givenUp).containsEntry("a", Errors.KAFKA_STORAGE_ERROR);
    assertThat(core.refuses(-1, false)).contains(Errors.KAFKA_STORAGE_ERROR);
    assertThat(core.leadership().offlineReason()).isEqualTo("EIO");
    assertThat(core.becomeLeader(assignment(9, 9, List.of(SELF), List.of(SELF)), nowMs))
        .isEqualTo(Change.STALE);
  }

  @Test
  void anotherSetOfReplicasWithinTheEpochKeepsTheProgressOfThoseWhoStay() {
    leadThree();
    append("a", 10);
    fetch(B, 10);
    assertThat(core.becomeLeader(assignment(1, 2, List.of(SELF, B, D), List.of(SELF, B)), nowMs))
        .isEqualTo(Change.SAME_LEADER_EPOCH);
    act();

    assertThat(acknowledged).containsExactly("a");
    assertThat(core.followerFetched(new FollowerProgress(new NodeEpoch(C, 30), 10, 0), nowMs))
        .isFalse();
  }

  // following, log ends

  @Test
  void aFollowerCommitsWhatItsLeaderHasCommittedAndItHasItself() {
    core.becomeFollower(following(1, 1, B));
    core.fetchedFromLeader(5, 5, 9);
    assertThat(offsets.highWatermark()).isEqualTo(5);
    core.fetchedFromLeader(20, 20, 9);
    assertThat(offsets.highWatermark()).isEqualTo(9);
    core.fetchedFromLeader(21, 21, 3);

    assertThat(offsets.highWatermark()).isEqualTo(9);
  }

  @Test
  void theLogStartStopsAtTheHighWatermarkAndNeverGoesBack() {
    offsets.restartedAt(0, 0, 6, 10);

    assertThat(offsets.advanceLogStart(4)).isEqualTo(4);
    assertThat(offsets.advanceLogStart(2)).isEqualTo(4);
    assertThat(offsets.advanceLogStart(9)).isEqualTo(6);
    assertThat(offsets.view().localLogStartOffset()).isEqualTo(6);
  }

  @Test
  void theLastStableOffsetStopsAtTheFirstUndecidedRecord() {
    offsets.restartedAt(0, 0, 6, 10);
    assertThat(offsets.lastStableOffset()).isEqualTo(6);
    offsets.firstUnstable(4);
    assertThat(offsets.lastStableOffset()).isEqualTo(4);
    offsets.firstUnstable(8);
    assertThat(offsets.lastStableOffset()).isEqualTo(6);
  }

  @Test
  void onlyWhatIsTieredAndCommittedMayBeDroppedLocally() {
    offsets.restartedAt(0, 0, 6, 10);
    offsets.tieredTo(4);
    assertThat(offsets.locallyDeletableBelow()).isEqualTo(4);
    offsets.tieredTo(9);
    offsets.tieredTo(2);
    assertThat(offsets.locallyDeletableBelow()).isEqualTo(6);
  }

  // helpers

  private void leadThree() {
    lead(1, 1, List.of(SELF, B, C), List.of(SELF, B, C));
  }

  private void lead(
      int leaderEpoch, int partitionEpoch, List<Integer> replicas, List<Integer> isr) {
    assertThat(core.becomeLeader(assignment(leaderEpoch, partitionEpoch, replicas, isr), nowMs))
        .isEqualTo(Change.NEW_LEADER_EPOCH);
    act();
  }

  private static LeaderAssignment assignment(
      int leaderEpoch, int partitionEpoch, List<Integer> replicas, List<Integer> isr) {
    return new LeaderAssignment(leaderEpoch, partitionEpoch, replicas, isr, 0, 0);
  }

  private static FollowerAssignment following(int leaderEpoch, int partitionEpoch, int leader) {
    List<Integer> all = List.of(SELF, B, C);
    return new FollowerAssignment(leader, leaderEpoch, partitionEpoch, all, all, 0, 0);
  }

  private void append(String name, long logEndOffset) {
    core.appended(logEndOffset, logEndOffset, nowMs);
    core.awaitCommit(logEndOffset, name);
    act();
  }

  private void fetch(int node, long offset) {
    long epoch = Optional.ofNullable(nodeEpochs.get(node)).orElse(1L);
    core.followerFetched(new FollowerProgress(new NodeEpoch(node, epoch), offset, 0), nowMs);
    act();
  }

  private void commit(IsrProposal proposal) {
    List<Integer> isr = proposal.isr().stream().map(NodeEpoch::nodeId).toList();
    core.isrAnswered(
        proposal,
        new IsrResult.Committed(proposal.leaderEpoch(), proposal.partitionEpoch() + 1, isr),
        nowMs);
    act();
  }

  private void tick() {
    core.tick(nowMs);
    act();
  }

  private void passMs(long ms) {
    nowMs += ms;
  }

  private void act() {
    for (Decision<String> decision : core.takeDecisions()) {
      switch (decision) {
        case Decision.Acknowledge<String>(String name) -> acknowledged.add(name);
        case Decision.GiveUp<String>(String name, Errors error) -> givenUp.put(name, error);
        case Decision.Propose<String>(IsrProposal proposal) -> proposals.add(proposal);
      }
    }
  }
}
