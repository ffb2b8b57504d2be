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

/** A replica core that leads with clients and followers that a test moves, and what it decided. */
final class ModelLeader {
  private static final TopicIdPartition PARTITION =
      new TopicIdPartition(new Uuid(1, 2), 0, "orders");
  static final int SELF = 1;
  static final int B = 2;
  static final int C = 3;
  static final int D = 4;
  static final long LAG_MS = 30_000;

  final Map<Integer, Long> nodeEpochs = new HashMap<>(Map.of(SELF, 10L, B, 20L, C, 30L, D, 40L));
  final List<IsrProposal> proposals = new ArrayList<>();
  final List<String> acknowledged = new ArrayList<>();
  final Map<String, Errors> givenUp = new HashMap<>();
  final CoreOffsets offsets = new CoreOffsets(0, 0, 0, 0);
  long nowMs = 1_000_000;
  ReplicaCore<String> core = newCore(2);

  ReplicaCore<String> newCore(int minInsyncReplicas) {
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

  void leadThree() {
    lead(1, 1, List.of(SELF, B, C), List.of(SELF, B, C));
  }

  void lead(int leaderEpoch, int partitionEpoch, List<Integer> replicas, List<Integer> isr) {
    assertThat(core.becomeLeader(assignment(leaderEpoch, partitionEpoch, replicas, isr), nowMs))
        .isEqualTo(Change.NEW_LEADER_EPOCH);
    act();
  }

  static LeaderAssignment assignment(
      int leaderEpoch, int partitionEpoch, List<Integer> replicas, List<Integer> isr) {
    return new LeaderAssignment(leaderEpoch, partitionEpoch, replicas, isr, 0, 0);
  }

  static FollowerAssignment following(int leaderEpoch, int partitionEpoch, int leader) {
    List<Integer> all = List.of(SELF, B, C);
    return new FollowerAssignment(leader, leaderEpoch, partitionEpoch, all, all, 0, 0);
  }

  void append(String name, long logEndOffset) {
    core.appended(logEndOffset, logEndOffset, nowMs);
    core.awaitCommit(logEndOffset, name);
    act();
  }

  void fetch(int node, long offset) {
    long epoch = Optional.ofNullable(nodeEpochs.get(node)).orElse(1L);
    core.followerFetched(new FollowerProgress(new NodeEpoch(node, epoch), offset, 0), nowMs);
    act();
  }

  void commit(IsrProposal proposal) {
    List<Integer> isr = proposal.isr().stream().map(NodeEpoch::nodeId).toList();
    core.isrAnswered(
        proposal,
        new IsrResult.Committed(proposal.leaderEpoch(), proposal.partitionEpoch() + 1, isr),
        nowMs);
    act();
  }

  void tick() {
    core.tick(nowMs);
    act();
  }

  void passMs(long ms) {
    nowMs += ms;
  }

  void act() {
    for (Decision<String> decision : core.takeDecisions()) {
      switch (decision) {
        case Decision.Acknowledge<String>(String name) -> acknowledged.add(name);
        case Decision.GiveUp<String>(String name, Errors error) -> givenUp.put(name, error);
        case Decision.Propose<String>(IsrProposal proposal) -> proposals.add(proposal);
      }
    }
  }
}
