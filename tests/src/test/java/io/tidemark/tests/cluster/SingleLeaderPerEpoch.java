package io.tidemark.tests.cluster;

import io.tidemark.log.replica.Replica;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/** In one leader epoch of a partition no two nodes ever believe that they lead. (I8) */
final class SingleLeaderPerEpoch implements Theorem {
  private record Epoch(TopicIdPartition partition, int leaderEpoch) {}

  private final SimulatedCluster cluster;
  private final Map<Epoch, Integer> leaders = new HashMap<>();

  SingleLeaderPerEpoch(SimulatedCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void check() {
    for (ClusterMachine machine : cluster.machines()) {
      machine
          .node()
          .ifPresent(node -> node.replicas().all().forEach(replica -> check(machine, replica)));
    }
  }

  private void check(ClusterMachine machine, Replica replica) {
    if (replica.view().isLeader()) {
      Epoch epoch = new Epoch(replica.id(), replica.view().leaderEpoch());
      Integer other = leaders.putIfAbsent(epoch, machine.id());
      if (other != null && other != machine.id()) {
        throw new AssertionError(
            "nodes %d and %d both led %s".formatted(other, machine.id(), epoch));
      }
    }
  }
}
