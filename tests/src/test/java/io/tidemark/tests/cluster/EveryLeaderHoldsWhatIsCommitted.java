package io.tidemark.tests.cluster;

import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/**
 * Nobody's high watermark, not even that of a leader that was replaced and does not know it, gets
 * past what the newest leader has; where no topic allows unclean elections, which may go back. (I1)
 */
final class EveryLeaderHoldsWhatIsCommitted implements Theorem {
  private final SimulatedCluster cluster;
  private final Map<TopicIdPartition, Long> committed = new HashMap<>();
  private final Map<TopicIdPartition, Integer> newestEpochs = new HashMap<>();

  EveryLeaderHoldsWhatIsCommitted(SimulatedCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void check() {
    forEachReplica(EveryLeaderHoldsWhatIsCommitted::note);
    forEachReplica(EveryLeaderHoldsWhatIsCommitted::check);
  }

  @FunctionalInterface
  private interface Look {
    void at(EveryLeaderHoldsWhatIsCommitted theorem, ClusterMachine machine, Replica replica);
  }

  private void forEachReplica(Look look) {
    for (ClusterMachine machine : cluster.machines()) {
      machine
          .node()
          .ifPresent(
              node -> node.replicas().all().forEach(replica -> look.at(this, machine, replica)));
    }
  }

  private void note(ClusterMachine machine, Replica replica) {
    ReplicaView view = replica.view();
    committed.merge(replica.id(), view.highWatermark(), Math::max);
    newestEpochs.merge(replica.id(), view.leaderEpoch(), Math::max);
  }

  private void check(ClusterMachine machine, Replica replica) {
    ReplicaView view = replica.view();
    long known = committed.getOrDefault(replica.id(), 0L);
    if (view.isLeader()
        && view.leaderEpoch() >= newestEpochs.getOrDefault(replica.id(), 0)
        && view.logEndOffset() < known) {
      throw new AssertionError(
          "node %d leads %s in epoch %d and ends at %d, where %d was committed"
              .formatted(
                  machine.id(), replica.id(), view.leaderEpoch(), view.logEndOffset(), known));
    }
  }
}
