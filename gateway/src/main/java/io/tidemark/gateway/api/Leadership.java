package io.tidemark.gateway.api;

import io.tidemark.log.replica.ReplicaView;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.protocol.Errors;

/** Refuses requests that are meant for the leader, or for another epoch's leader. */
final class Leadership {
  private static final int NO_EPOCH = -1;

  private Leadership() {}

  static void require(ReplicaView view) {
    require(view, NO_EPOCH);
  }

  /**
   * @param currentLeaderEpoch the epoch the client believes in; -1 when it has none
   */
  static void require(ReplicaView view, int currentLeaderEpoch) {
    Errors offline = view.offlineError();
    if (offline != null) {
      throw offline.exception(view.id() + " is offline: " + view.offlineReason());
    }
    if (currentLeaderEpoch != NO_EPOCH && currentLeaderEpoch < view.leaderEpoch()) {
      throw new FencedLeaderEpochException(
          "%s is in leader epoch %d, not %d"
              .formatted(view.id(), view.leaderEpoch(), currentLeaderEpoch));
    }
    if (currentLeaderEpoch != NO_EPOCH && currentLeaderEpoch > view.leaderEpoch()) {
      throw new UnknownLeaderEpochException(
          "%s has not reached leader epoch %d".formatted(view.id(), currentLeaderEpoch));
    }
    if (!view.isLeader()) {
      throw new NotLeaderOrFollowerException(view.id() + " is led by node " + view.leaderId());
    }
  }
}
