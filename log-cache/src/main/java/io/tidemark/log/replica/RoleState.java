package io.tidemark.log.replica;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** The present role of a {@link ReplicaCore} with what belongs to it. */
sealed interface RoleState<T> permits Leading, RoleState.Following, RoleState.Offline {
  int leaderEpoch();

  int partitionEpoch();

  int replicaCount();

  ReplicaView.Leadership leadership();

  record Following<T>(FollowerAssignment assignment) implements RoleState<T> {
    @Override
    public int leaderEpoch() {
      return assignment.leaderEpoch();
    }

    @Override
    public int partitionEpoch() {
      return assignment.partitionEpoch();
    }

    @Override
    public int replicaCount() {
      return assignment.replicas().size();
    }

    @Override
    public ReplicaView.Leadership leadership() {
      return new ReplicaView.Leadership(
          Role.FOLLOWER,
          assignment.leaderId(),
          leaderEpoch(),
          partitionEpoch(),
          assignment.isr().stream().sorted().toList(),
          null,
          null);
    }
  }

  /**
   * Serves nothing.
   *
   * @param error what every request gets
   * @param isFinal closed, deleted or failed: no assignment brings it back
   */
  record Offline<T>(
      int leaderEpoch, int partitionEpoch, Errors error, String reason, boolean isFinal)
      implements RoleState<T> {
    @Override
    public int replicaCount() {
      return 0;
    }

    @Override
    public ReplicaView.Leadership leadership() {
      return new ReplicaView.Leadership(
          Role.OFFLINE, -1, leaderEpoch, partitionEpoch, List.of(), error, reason);
    }
  }
}
