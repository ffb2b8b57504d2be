package io.tidemark.metadata.quorum;

import static io.tidemark.metadata.quorum.QuorumContract.await;
import static io.tidemark.metadata.quorum.QuorumContract.config;
import static io.tidemark.metadata.quorum.QuorumContract.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three voters in one process, over gRPC. */
class RatisClusterTest {

  @Test
  void followersHaveTheLeadersImageAndAnotherLeaderKeepsIt(@TempDir Path home) throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3)) {
      voters.startAll();
      RatisQuorum leader = voters.leader();
      await(leader.append(leader.leadership().term(), List.of(config("a", "1"))));
      for (RatisQuorum voter : voters.running()) {
        await(voter.updatesAfter(-1));
        Awaitility.await().until(() -> "1".equals(value(voter.image(), "a")));
      }
      RatisQuorum follower =
          voters.running().stream().filter(v -> v != leader).findFirst().orElseThrow();
      assertThatThrownBy(
              () -> await(follower.append(leader.leadership().term(), List.of(config("a", "2")))))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(QuorumException.NotLeader.class);
      assertThatThrownBy(() -> await(follower.read(leader.leadership().term())))
          .isInstanceOf(ExecutionException.class);
      long term = leader.leadership().term();

      voters.stop(leader.nodeId());
      RatisQuorum next = voters.leader();
      assertThat(next.leadership().term()).isGreaterThan(term);
      assertThat(value(next.image(), "a")).isEqualTo("1");
      await(next.append(next.leadership().term(), List.of(config("a", "3"))));

      RatisQuorum returned = voters.start(leader.nodeId());
      Awaitility.await().until(() -> "3".equals(value(returned.image(), "a")));
      assertThat(returned.image()).isEqualTo(next.image());
      assertThat(next.status().voters()).hasSize(3);
    }
  }
}
