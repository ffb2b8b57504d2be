package io.tidemark.log.replica;

import static io.tidemark.log.replica.ModelLeader.B;
import static io.tidemark.log.replica.ModelLeader.C;
import static io.tidemark.log.replica.ModelLeader.D;
import static io.tidemark.log.replica.ModelLeader.SELF;
import static io.tidemark.log.replica.ModelLeader.assignment;
import static io.tidemark.log.replica.ModelLeader.following;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.replica.ReplicaCore.Change;
import io.tidemark.scenario.Scenario;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A replica that leads, follows and stops, and the ends of its log. */
class ReplicaCoreTest {
  private final ModelLeader leader = new ModelLeader();

  // roles and epochs

  @Test
  @Scenario("S-04")
  void anAppendUnderAnotherEpochIsRefused() {
    leader.lead(5, 1, List.of(SELF, B), List.of(SELF, B));

    assertThat(leader.core.refusesAppend(Acks.ALL, 4)).contains(Errors.FENCED_LEADER_EPOCH);
    assertThat(leader.core.refusesAppend(Acks.ALL, 6)).contains(Errors.UNKNOWN_LEADER_EPOCH);
    assertThat(leader.core.refusesAppend(Acks.ALL, 5)).isEmpty();
  }

  @Test
  @Scenario("S-04")
  void aDeposedLeaderGivesUpItsWaitingAppendsAndRefusesNewOnes() {
    leader.leadThree();
    leader.append("a", 10);
    leader.core.becomeFollower(following(2, 2, B));
    leader.act();

    assertThat(leader.givenUp).containsEntry("a", Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(leader.core.refusesAppend(Acks.LEADER, -1)).contains(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(leader.core.refuses(1, true)).contains(Errors.FENCED_LEADER_EPOCH);
    assertThat(leader.core.refuses(2, false)).isEmpty();
    assertThat(leader.core.refuses(3, false)).contains(Errors.UNKNOWN_LEADER_EPOCH);
    leader.fetch(B, 10);
    leader.fetch(C, 10);
    assertThat(leader.acknowledged).isEmpty();
  }

  @Test
  void aReelectedLeaderKnowsNothingOfItsFollowersProgress() {
    leader.leadThree();
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.core.becomeFollower(following(2, 2, B));
    leader.lead(3, 3, List.of(SELF, B, C), List.of(SELF, B, C));
    leader.fetch(C, 10);

    assertThat(leader.offsets.highWatermark()).isZero();
    leader.fetch(B, 10);
    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
  }

  @Test
  void aLeaderThatLeadsOnInANewEpochKeepsWhoWaitsAndForgetsItsFollowersProgress() {
    leader.leadThree();
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.lead(2, 2, List.of(SELF, B, C), List.of(SELF, B, C));
    leader.fetch(C, 10);
    leader.act();
    assertThat(leader.givenUp).isEmpty();
    assertThat(leader.acknowledged).isEmpty();

    leader.fetch(B, 10);
    leader.act();
    assertThat(leader.acknowledged).containsExactly("a");
  }

  @Test
  void aReplicaWithoutARoleServesNobody() {
    assertThat(leader.core.refuses(-1, false)).contains(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(leader.core.leadership().role()).isEqualTo(Role.OFFLINE);
  }

  @Test
  void offlineIsForGood() {
    leader.leadThree();
    leader.append("a", 10);
    leader.core.goOffline(Errors.KAFKA_STORAGE_ERROR, "EIO");
    leader.core.goOffline(Errors.NOT_LEADER_OR_FOLLOWER, "shutting down");
    leader.act();

    assertThat(leader.givenUp).containsEntry("a", Errors.KAFKA_STORAGE_ERROR);
    assertThat(leader.core.refuses(-1, false)).contains(Errors.KAFKA_STORAGE_ERROR);
    assertThat(leader.core.leadership().offlineReason()).isEqualTo("EIO");
    assertThat(
            leader.core.becomeLeader(assignment(9, 9, List.of(SELF), List.of(SELF)), leader.nowMs))
        .isEqualTo(Change.STALE);
  }

  @Test
  void anotherSetOfReplicasWithinTheEpochKeepsTheProgressOfThoseWhoStay() {
    leader.leadThree();
    leader.append("a", 10);
    leader.fetch(B, 10);
    assertThat(
            leader.core.becomeLeader(
                assignment(1, 2, List.of(SELF, B, D), List.of(SELF, B)), leader.nowMs))
        .isEqualTo(Change.SAME_LEADER_EPOCH);
    leader.act();

    assertThat(leader.acknowledged).containsExactly("a");
    assertThat(
            leader.core.followerFetched(
                new FollowerProgress(new NodeEpoch(C, 30), 10, 0), leader.nowMs))
        .isFalse();
  }

  // following, log ends

  @Test
  void aFollowerCommitsWhatItsLeaderHasCommittedAndItHasItself() {
    leader.core.becomeFollower(following(1, 1, B));
    leader.core.fetchedFromLeader(5, 5, 9);
    assertThat(leader.offsets.highWatermark()).isEqualTo(5);
    leader.core.fetchedFromLeader(20, 20, 9);
    assertThat(leader.offsets.highWatermark()).isEqualTo(9);
    leader.core.fetchedFromLeader(21, 21, 3);

    assertThat(leader.offsets.highWatermark()).isEqualTo(9);
  }

  @Test
  void theLogStartStopsAtTheHighWatermarkAndNeverGoesBack() {
    leader.offsets.restartedAt(0, 0, 6, 10);

    assertThat(leader.offsets.advanceLogStart(4)).isEqualTo(4);
    assertThat(leader.offsets.advanceLogStart(2)).isEqualTo(4);
    assertThat(leader.offsets.advanceLogStart(9)).isEqualTo(6);
    assertThat(leader.offsets.view().localLogStartOffset()).isEqualTo(6);
  }

  @Test
  void theLastStableOffsetStopsAtTheFirstUndecidedRecord() {
    leader.offsets.restartedAt(0, 0, 6, 10);
    assertThat(leader.offsets.lastStableOffset()).isEqualTo(6);
    leader.offsets.firstUnstable(4);
    assertThat(leader.offsets.lastStableOffset()).isEqualTo(4);
    leader.offsets.firstUnstable(8);
    assertThat(leader.offsets.lastStableOffset()).isEqualTo(6);
  }

  @Test
  void onlyWhatIsTieredAndCommittedMayBeDroppedLocally() {
    leader.offsets.restartedAt(0, 0, 6, 10);
    leader.offsets.tieredTo(4);
    assertThat(leader.offsets.locallyDeletableBelow()).isEqualTo(4);
    leader.offsets.tieredTo(9);
    leader.offsets.tieredTo(2);
    assertThat(leader.offsets.locallyDeletableBelow()).isEqualTo(6);
  }
}
