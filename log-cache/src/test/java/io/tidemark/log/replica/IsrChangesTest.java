package io.tidemark.log.replica;

import static io.tidemark.log.replica.ModelLeader.B;
import static io.tidemark.log.replica.ModelLeader.C;
import static io.tidemark.log.replica.ModelLeader.D;
import static io.tidemark.log.replica.ModelLeader.LAG_MS;
import static io.tidemark.log.replica.ModelLeader.SELF;
import static io.tidemark.log.replica.ModelLeader.assignment;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.replica.ReplicaCore.Change;
import io.tidemark.scenario.Scenario;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Who is in sync with a leader: how followers join, stay and are dropped. */
class IsrChangesTest {
  private final ModelLeader leader = new ModelLeader();

  // changes of the ISR

  @Test
  @Scenario("S-06")
  void aShrinkCountsOnlyOnceItIsCommitted() {
    leader.leadThree();
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.passMs(LAG_MS + 1);
    leader.fetch(B, 10);
    leader.tick();

    assertThat(leader.proposals).hasSize(1);
    assertThat(leader.proposals.getFirst().isr())
        .containsExactly(new NodeEpoch(SELF, 10), new NodeEpoch(B, 20));
    assertThat(leader.offsets.highWatermark()).isZero();
    leader.commit(leader.proposals.getFirst());
    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
    assertThat(leader.acknowledged).containsExactly("a");
    assertThat(leader.core.leadership().isr()).containsExactly(SELF, B);
    assertThat(leader.core.leadership().partitionEpoch()).isEqualTo(2);
  }

  @Test
  void anExpansionCountsFromTheMomentItIsProposed() {
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    leader.append("a", 10);
    leader.fetch(B, 10);
    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
    leader.fetch(C, 10);
    assertThat(leader.proposals.getLast().isr())
        .extracting(NodeEpoch::nodeId)
        .containsExactly(SELF, B, C);
    leader.append("b", 20);
    leader.fetch(B, 20);

    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
    leader.fetch(C, 20);
    assertThat(leader.offsets.highWatermark()).isEqualTo(20);
  }

  @Test
  @Scenario("S-21")
  void aProposalUnderWayStandsWhenTheImageBringsOtherReplicas() {
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.fetch(C, 10);
    leader.nodeEpochs.remove(C); // counts only as a part of the proposal from now on
    leader.core.becomeLeader(
        assignment(1, 1, List.of(SELF, B, C, D), List.of(SELF, B)), leader.nowMs);
    leader.append("b", 20);
    leader.fetch(B, 20);

    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
    leader.nodeEpochs.put(C, 30L);
    leader.fetch(C, 20);
    assertThat(leader.offsets.highWatermark()).isEqualTo(20);
  }

  @Test
  @Scenario("S-21")
  void aLeaderGetsOtherFollowersWithinItsEpochAndNobodyWaitingIsGivenUp() {
    leader.lead(1, 1, List.of(SELF, B), List.of(SELF, B));
    leader.append("a", 10);
    leader.core.becomeLeader(assignment(1, 2, List.of(C, SELF, B), List.of(SELF, B)), leader.nowMs);
    leader.act();
    leader.fetch(B, 10);
    assertThat(leader.acknowledged).containsExactly("a");
    assertThat(leader.givenUp).isEmpty();
    leader.fetch(C, 10);

    assertThat(leader.proposals.getLast().isr())
        .extracting(NodeEpoch::nodeId)
        .containsExactly(SELF, B, C);
    leader.core.becomeLeader(assignment(1, 3, List.of(C, SELF), List.of(C, SELF)), leader.nowMs);
    leader.act();
    leader.append("b", 20);
    leader.fetch(C, 20);
    assertThat(leader.acknowledged).containsExactly("a", "b");
  }

  @Test
  void aFollowerThatWasInSyncBeforeItWasEligibleJoinsThoughNothingHappens() {
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    NodeEpoch life = new NodeEpoch(C, requireNonNull(leader.nodeEpochs.remove(C)));
    leader.core.followerFetched(new FollowerProgress(life, 0, 0), leader.nowMs);
    leader.tick();
    assertThat(leader.proposals).isEmpty();

    leader.nodeEpochs.put(C, life.epoch());
    leader.tick();
    assertThat(leader.proposals.getLast().isr())
        .extracting(NodeEpoch::nodeId)
        .containsExactly(SELF, B, C);
  }

  @Test
  void aRefusedExpansionDoesNotCountAnyMore() {
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.fetch(C, 10);
    leader.append("b", 20);
    leader.fetch(B, 20);
    leader.nodeEpochs.remove(C);
    leader.core.isrAnswered(
        leader.proposals.getLast(), new IsrResult.Refused(Errors.INELIGIBLE_REPLICA), leader.nowMs);

    assertThat(leader.offsets.highWatermark()).isEqualTo(20);
  }

  @Test
  @Scenario("S-06")
  void anUnknownOutcomeKeepsTheMaximalIsrAndIsAskedAgain() {
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.fetch(C, 10);
    IsrProposal proposal = leader.proposals.getLast();
    leader.core.isrAnswered(
        proposal, new IsrResult.Refused(Errors.REQUEST_TIMED_OUT), leader.nowMs);
    leader.append("b", 20);
    leader.fetch(B, 20);
    leader.tick();

    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
    assertThat(leader.proposals).containsExactly(proposal, proposal);
  }

  @Test
  @Scenario("S-07")
  void anAnswerThatTheEpochsHaveMovedWaitsForTheImage() {
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.fetch(C, 10);
    leader.core.isrAnswered(
        leader.proposals.getLast(),
        new IsrResult.Refused(Errors.INVALID_UPDATE_VERSION),
        leader.nowMs);
    leader.tick();
    assertThat(leader.proposals).hasSize(1);
    leader.core.isrCommitted(1, 2, List.of(SELF, B, C), leader.nowMs);

    assertThat(leader.core.leadership().isr()).containsExactly(SELF, B, C);
    assertThat(leader.core.leadership().partitionEpoch()).isEqualTo(2);
  }

  @Test
  void olderNewsOfTheIsrChangeNothing() {
    leader.lead(3, 7, List.of(SELF, B, C), List.of(SELF, B, C));
    leader.core.isrCommitted(2, 9, List.of(SELF), leader.nowMs);
    leader.core.isrCommitted(3, 6, List.of(SELF), leader.nowMs);

    assertThat(leader.core.leadership().isr()).containsExactly(SELF, B, C);
    assertThat(
            leader.core.becomeLeader(assignment(2, 99, List.of(SELF), List.of(SELF)), leader.nowMs))
        .isEqualTo(Change.STALE);
    assertThat(
            leader.core.becomeLeader(assignment(3, 6, List.of(SELF), List.of(SELF)), leader.nowMs))
        .isEqualTo(Change.STALE);
    assertThat(leader.core.leadership().isr()).containsExactly(SELF, B, C);
  }

  @Test
  @Scenario("S-07")
  void anAnswerToAProposalOfAnEarlierEpochIsIgnored() {
    leader.leadThree();
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.passMs(LAG_MS + 1);
    leader.fetch(B, 10);
    leader.tick();
    IsrProposal old = leader.proposals.getLast();
    leader.lead(2, 2, List.of(SELF, B, C), List.of(SELF, B, C));
    leader.core.isrAnswered(old, new IsrResult.Committed(1, 3, List.of(SELF, B)), leader.nowMs);

    assertThat(leader.core.leadership().isr()).containsExactly(SELF, B, C);
    assertThat(leader.offsets.highWatermark()).isZero();
  }

  @Test
  void onlyOneChangeIsUnderWayAtATime() {
    leader.lead(1, 1, List.of(SELF, B, C, D), List.of(SELF, B));
    leader.fetch(C, 0);
    leader.fetch(D, 0);
    assertThat(leader.proposals).hasSize(1);
    leader.commit(leader.proposals.getFirst());
    leader.fetch(D, 0);

    assertThat(leader.proposals.getLast().isr())
        .extracting(NodeEpoch::nodeId)
        .containsExactly(SELF, B, C, D);
    assertThat(leader.proposals.getLast().partitionEpoch()).isEqualTo(2);
  }

  @Test
  void aFollowerJoinsOnlyPastTheHighWatermarkAndTheStartOfTheEpoch() {
    leader.offsets.restartedAt(0, 0, 5, 8);
    leader.lead(4, 1, List.of(SELF, B, C), List.of(SELF, B));
    leader.fetch(C, 5);
    assertThat(leader.proposals).isEmpty();
    leader.fetch(C, 7);
    assertThat(leader.proposals).isEmpty();
    leader.fetch(C, 8);

    assertThat(leader.proposals).hasSize(1);
  }

  // who may join

  @Test
  @Scenario("S-08")
  void aFencedNodeOrAnEarlierLifeOfOneDoesNotJoin() {
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    leader.nodeEpochs.remove(C);
    leader.fetch(C, 0);
    leader.nodeEpochs.put(C, 31L);
    leader.core.followerFetched(new FollowerProgress(new NodeEpoch(C, 30), 0, 0), leader.nowMs);
    leader.act();
    assertThat(leader.proposals).isEmpty();
    leader.fetch(C, 0);

    assertThat(leader.proposals).hasSize(1);
  }

  @Test
  void aFetchOfAnEarlierLifeIsNotCounted() {
    leader.leadThree();
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.fetch(C, 5);
    leader.nodeEpochs.put(C, 31L);
    leader.fetch(C, 2);

    assertThat(
            leader.core.followerFetched(
                new FollowerProgress(new NodeEpoch(C, 30), 10, 0), leader.nowMs))
        .isFalse();
    assertThat(leader.offsets.highWatermark()).isEqualTo(5);
    assertThat(
            leader.core.followerFetched(
                new FollowerProgress(new NodeEpoch(9, 1), 10, 0), leader.nowMs))
        .isFalse();
  }

  // lag

  @Test
  void aFollowerOfAPartitionThatWasIdleForLongIsNotBehindFromTheFirstAppend() {
    leader.leadThree();
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.fetch(C, 10);
    leader.passMs(10 * LAG_MS);
    leader.append("b", 20);
    leader.tick();
    assertThat(leader.proposals).isEmpty();

    leader.passMs(LAG_MS + 1);
    leader.tick();
    assertThat(leader.proposals).hasSize(1);
  }

  @Test
  void aFollowerThatKeepsUpWithAMovingLogEndStays() {
    leader.leadThree();
    for (int i = 1; i <= 20; i++) {
      leader.append("a" + i, i * 10L);
      leader.fetch(B, i * 10L);
      // Always one append behind, but caught up with the log end of its fetch before.
      leader.fetch(C, (i - 1) * 10L);
      leader.passMs(LAG_MS / 4);
      leader.tick();
    }

    assertThat(leader.proposals).isEmpty();
  }

  @Test
  void aFollowerThatFallsBehindOrFallsSilentIsDropped() {
    leader.leadThree();
    leader.append("a", 100);
    for (int i = 1; i <= 8; i++) {
      leader.fetch(B, 100);
      leader.fetch(C, i);
      leader.passMs(LAG_MS / 4);
      leader.tick();
    }

    assertThat(leader.proposals.getFirst().isr())
        .extracting(NodeEpoch::nodeId)
        .containsExactly(SELF, B);
  }

  @Test
  void anIdleFollowerAtTheLogEndStays() {
    leader.leadThree();
    leader.append("a", 5);
    leader.fetch(B, 5);
    leader.fetch(C, 5);
    leader.passMs(10 * LAG_MS);
    leader.tick();

    assertThat(leader.proposals).isEmpty();
  }

  @Test
  void theHighWatermarkWaitsForACaughtUpFollowerSoThatItCanJoin() {
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    leader.append("a", 10);
    leader.fetch(B, 10);
    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
    leader.nodeEpochs.put(C, 33L);
    leader.core.followerFetched(new FollowerProgress(new NodeEpoch(C, 33), 9, 0), leader.nowMs);
    leader.append("b", 20);
    leader.core.followerFetched(new FollowerProgress(new NodeEpoch(C, 33), 10, 0), leader.nowMs);
    leader.act();
    leader.fetch(B, 20);

    assertThat(leader.proposals).hasSize(1);
    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
  }
}
