package io.tidemark.metadata.quorum;

import static io.tidemark.metadata.quorum.QuorumContract.await;
import static io.tidemark.metadata.quorum.QuorumContract.config;
import static io.tidemark.metadata.quorum.QuorumContract.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.utils.Time;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three voters in one process, over gRPC. */
class RatisClusterTest {
  @TempDir Path directory;
  private final List<RatisQuorum> voters = new ArrayList<>();
  private List<Voter> addresses = List.of();

  @AfterEach
  void close() {
    voters.forEach(RatisQuorum::close);
  }

  private void start() throws IOException {
    List<Voter> chosen = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      try (ServerSocket free = new ServerSocket(0)) {
        chosen.add(new Voter(id, "127.0.0.1", free.getLocalPort()));
      }
    }
    addresses = List.copyOf(chosen);
    for (int id = 1; id <= 3; id++) {
      voters.add(open(id));
    }
  }

  private RatisQuorum open(int id) throws IOException {
    return RatisQuorum.open(
        new QuorumSettings(id, addresses, directory.resolve("n" + id), 400, 1_000), Time.SYSTEM);
  }

  private RatisQuorum leader() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> voters.stream().anyMatch(voter -> voter.leadership().isSelf()));
    return voters.stream().filter(v -> v.leadership().isSelf()).findFirst().orElseThrow();
  }

  @Test
  void followersHaveTheLeadersImageAndAnotherLeaderKeepsIt() throws Exception {
    start();
    RatisQuorum leader = leader();
    await(leader.append(leader.leadership().term(), List.of(config("a", "1"))));
    for (RatisQuorum voter : voters) {
      await(voter.updatesAfter(-1));
      Awaitility.await().until(() -> "1".equals(value(voter.image(), "a")));
    }
    RatisQuorum follower = voters.stream().filter(v -> v != leader).findFirst().orElseThrow();
    assertThatThrownBy(
            () -> await(follower.append(leader.leadership().term(), List.of(config("a", "2")))))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(QuorumException.NotLeader.class);
    assertThatThrownBy(() -> await(follower.read(leader.leadership().term())))
        .isInstanceOf(ExecutionException.class);
    long term = leader.leadership().term();

    voters.remove(leader);
    leader.close();
    RatisQuorum next = leader();
    assertThat(next.leadership().term()).isGreaterThan(term);
    assertThat(value(next.image(), "a")).isEqualTo("1");
    await(next.append(next.leadership().term(), List.of(config("a", "3"))));

    RatisQuorum returned = open(leader.nodeId());
    voters.add(returned);
    Awaitility.await().until(() -> "3".equals(value(returned.image(), "a")));
    assertThat(returned.image()).isEqualTo(next.image());
    assertThat(next.status().voters()).hasSize(3);
  }
}
