package io.tidemark.metadata.quorum;

import static io.tidemark.metadata.quorum.QuorumContract.await;
import static io.tidemark.metadata.quorum.QuorumContract.config;
import static io.tidemark.metadata.quorum.QuorumContract.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.event.EventCodec;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.SetConfigurationRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three voters in one process, over gRPC. */
class RatisClusterTest {
  /** A small part of the silence after which voters elect another leader by themselves. */
  private static final Duration SOON = Duration.ofSeconds(10);

  /** Where Ratis lets tests in while a follower writes what it was sent, or hears a heartbeat. */
  private static final String LOG_SYNC = "RaftServerImpl.appendEntries.logComplete";

  @Test
  void followersHaveTheLeadersImageAndAnotherLeaderKeepsIt(@TempDir Path home) throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3)) {
      voters.startAll();
      RatisQuorum leader = voters.leader();
      await(leader.append(leader.leadership().term(), List.of(config("a", "1"))));
      for (RatisQuorum voter : voters.running()) {
        await(voter.updatesAfter(-1));
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> "1".equals(value(voter.image(), "a")));
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
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> "3".equals(value(returned.image(), "a")));
      assertThat(returned.image()).isEqualTo(next.image());
      assertThat(next.status().voters()).hasSize(3);
    }
  }

  @Test
  void aLeaderThatEndedIsNotWaitedFor(@TempDir Path home) throws Exception {
    try (RatisVoters voters =
        new RatisVoters(home, 3).watchingTheLeader().withElectionTimeoutMs(2 * SOON.toMillis())) {
      voters.startAll();
      voters.commit("a", "1");
      RatisQuorum leader = voters.leader();
      for (RatisQuorum voter : voters.running()) {
        RatisVoters.has(voter, "a", "1");
      }

      voters.stop(leader.nodeId());
      Awaitility.await().atMost(SOON).until(voters::hasLeader);
      assertThat(voters.leader().leadership().term()).isGreaterThan(leader.leadership().term());
      voters.commit("a", "2");
    }
  }

  @Test
  @Scenario("S-183")
  void whoIsNoVoterCannotWriteToTheLog(@TempDir Path home) throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3)) {
      voters.startAll();
      cannotWrite(voters.leader());
    }
  }

  private static void cannotWrite(RatisQuorum leader) throws Exception {
    RaftProperties properties = new RaftProperties();
    RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
    byte[] events =
        EventCodec.encode(
            new EventCodec.Batch(leader.leadership().term(), List.of(config("a", "stolen"))));
    try (RaftClient client =
        RaftClient.newBuilder()
            .setProperties(properties)
            .setRaftGroup(RatisSettings.group(voting(leader)))
            .setLeaderId(RatisSettings.peerId(leader.nodeId()))
            .setRetryPolicy(RetryPolicies.noRetry())
            .build()) {
      assertThatThrownBy(
              () -> client.io().send(Message.valueOf(UnsafeByteOperations.unsafeWrap(events))))
          .isInstanceOf(IOException.class);
    }
    await(leader.append(leader.leadership().term(), List.of(config("b", "1"))));
    assertThat(leader.image().configs().toString()).doesNotContain("stolen");
  }

  private static List<Voter> voting(RatisQuorum leader) {
    return leader.status().voters().stream()
        .map(voter -> Voter.of(voter.nodeId(), voter.address()))
        .toList();
  }

  @Test
  void everyMessageOfVotersSaysWhoItIsOf() {
    RaftRpcRequestProto of =
        RaftRpcRequestProto.newBuilder().setRequestorId(ByteString.copyFromUtf8("3")).build();

    assertThat(
            List.of(
                AppendEntriesRequestProto.newBuilder().setServerRequest(of).build(),
                RequestVoteRequestProto.newBuilder().setServerRequest(of).build(),
                InstallSnapshotRequestProto.newBuilder().setServerRequest(of).build(),
                ReadIndexRequestProto.newBuilder().setServerRequest(of).build(),
                StartLeaderElectionRequestProto.newBuilder().setServerRequest(of).build()))
        .allSatisfy(message -> assertThat(VoterCalls.sender(message)).isEqualTo("3"));
    assertThat(VoterCalls.sender("something else")).isNull();
  }

  @Test
  void whoComesOrGoesByAChangeOfVotersIsTold() {
    assertThat(
            VoterCalls.movers(
                SetConfigurationRequestProto.newBuilder()
                    .addAllCurrentPeers(List.of(peer("1"), peer("2"), peer("3")))
                    .addAllPeers(List.of(peer("1"), peer("3"), peer("4")))
                    .build()))
        .containsExactlyInAnyOrder("2", "4");
  }

  private static RaftPeerProto peer(String id) {
    return RaftPeerProto.newBuilder().setId(ByteString.copyFromUtf8(id)).build();
  }

  @Test
  @Scenario("S-55")
  void aFollowerWhoseDiskTakesSecondsForEachWriteUnseatsNobody(@TempDir Path home)
      throws Exception {
    try (RatisVoters voters = new RatisVoters(home, 3).withElectionTimeoutMs(800)) {
      voters.startAll();
      voters.commit("a", "0");
      RatisQuorum leader = voters.leader();
      long term = leader.leadership().term();
      String slow = Integer.toString(voters.anyFollower());
      CodeInjectionForTesting.put(
          LOG_SYNC,
          (voter, _, _) -> {
            if (voter.toString().equals(slow)) {
              LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
            }
            return true;
          });
      for (int i = 1; i <= 3; i++) {
        await(leader.append(term, List.of(config("a", Integer.toString(i)))));
      }
      assertThat(leader.leadership().isSelf()).isTrue();
      assertThat(leader.leadership().term()).isEqualTo(term);
      for (RatisQuorum voter : voters.running()) {
        RatisVoters.has(voter, "a", "3");
      }
    } finally {
      CodeInjectionForTesting.remove(LOG_SYNC);
    }
  }
}
