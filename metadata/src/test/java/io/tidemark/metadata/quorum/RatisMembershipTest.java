package io.tidemark.metadata.quorum;

import static io.tidemark.metadata.quorum.QuorumContract.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voters over gRPC that come, go, and lose their folders. */
class RatisMembershipTest {
  @TempDir Path home;

  @Test
  @Scenario("S-49")
  void aVoterThatLostItsFolderElectsNobodyWhoLacksWhatItHadAcknowledged() throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3)) {
      voters.startAll();
      int leader = voters.leader().nodeId();
      int late = voters.anyFollower();
      int wiped = 6 - leader - late;
      voters.commit("a", "1");
      voters.stop(late);
      voters.commit("a", "2");
      voters.stop(leader);
      voters.stop(wiped);
      voters.loseFolder(wiped);

      RatisQuorum returned = voters.start(wiped);
      voters.start(late);
      Awaitility.await()
          .during(Duration.ofSeconds(4))
          .atMost(RatisVoters.PATIENCE)
          .until(() -> !voters.hasLeader());

      voters.start(leader);
      voters.vote(1, 2, 3);
      RatisVoters.has(returned, "a", "2");
      voters.commit("a", "3");
      RatisVoters.has(returned, "a", "3");
    }
  }

  @Test
  @Scenario("S-49")
  void aVoterThatLostItsFolderVotesAgainOnceItWasLetIn() throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3)) {
      voters.startAll();
      voters.commit("a", "1");
      int wiped = voters.anyFollower();
      voters.stop(wiped);
      voters.loseFolder(wiped);
      RatisQuorum returned = voters.start(wiped);
      RatisVoters.has(returned, "a", "1");
      voters.vote(1, 2, 3);

      voters.stop(voters.leader().nodeId());
      voters.commit("a", "2");
      voters.stop(wiped);
      RatisVoters.has(voters.start(wiped), "a", "2");
    }
  }

  @Test
  void aLoneVoterGrowsToThreeAndGoesOnWithoutItself() throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3)) {
      voters.startAlone(1);
      voters.commit("a", "1");
      RatisVoters.has(voters.start(2), "a", "1");
      voters.vote(1, 2);
      RatisVoters.has(voters.start(3), "a", "1");
      voters.vote(1, 2, 3);

      voters.stop(1);
      voters.commit("a", "2");
      RatisVoters.has(voters.startAlone(1), "a", "2");
    }
  }

  @Test
  void aRemovedVoterIsOutsideAndComesBackWhenItIsAdded() throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3)) {
      voters.startAll();
      voters.commit("a", "1");
      int follower = voters.anyFollower();
      RatisQuorum removed =
          voters.running().stream().filter(v -> v.nodeId() == follower).findFirst().orElseThrow();
      await(voters.leader().change(new VoterChange.Remove(follower)));
      Awaitility.await().atMost(RatisVoters.PATIENCE).until(removed::isOutside);
      voters.commit("a", "2");

      voters.stop(follower);
      RatisQuorum restarted = voters.start(follower);
      assertThat(restarted.isOutside()).isTrue();
      await(voters.leader().change(new VoterChange.Add(voters.address(follower))));
      Awaitility.await().atMost(RatisVoters.PATIENCE).until(() -> !restarted.isOutside());
      RatisVoters.has(restarted, "a", "2");
    }
  }

  @Test
  void aLeaderMayBeRemoved() throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3)) {
      voters.startAll();
      voters.commit("a", "1");
      RatisQuorum leader = voters.leader();
      await(leader.change(new VoterChange.Remove(leader.nodeId())));
      Awaitility.await().atMost(RatisVoters.PATIENCE).until(leader::isOutside);
      voters.commit("a", "2");
      assertThat(voters.leader().status().voters()).hasSize(2);
    }
  }

  @Test
  void whoMayNotJoinByItselfWaitsUntilItIsAdded() throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3)) {
      voters.startAlone(1);
      voters.commit("a", "1");
      RatisQuorum second = voters.withoutAutoJoin().start(2);
      Awaitility.await().atMost(RatisVoters.PATIENCE).until(second::isOutside);
      voters.vote(1);
      await(voters.leader().change(new VoterChange.Add(voters.address(2))));
      RatisVoters.has(second, "a", "1");
      assertThat(second.isOutside()).isFalse();
    }
  }

  @Test
  void onlyTheLeaderChangesVoters() throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3)) {
      voters.startAll();
      voters.commit("a", "1");
      int follower = voters.anyFollower();
      RatisQuorum asked =
          voters.running().stream().filter(v -> v.nodeId() == follower).findFirst().orElseThrow();
      assertThatThrownBy(() -> await(asked.change(new VoterChange.Remove(follower))))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(QuorumException.NotLeader.class);
    }
  }
}
