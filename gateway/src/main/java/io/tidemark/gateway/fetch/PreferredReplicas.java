package io.tidemark.gateway.fetch;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.metadata.image.ClusterImage;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.common.Node;

/**
 * Which other replica a consumer had better read from (KIP-392): one in sync in the consumer's own
 * rack, where the leader is in another. Consumers of one rack spread over its replicas by
 * partition. Safe from any thread.
 */
public final class PreferredReplicas {
  private final ClusterView cluster;
  private final boolean isRackAware;

  /**
   * @param isRackAware whether anybody is sent elsewhere at all
   */
  public PreferredReplicas(ClusterView cluster, boolean isRackAware) {
    this.cluster = cluster;
    this.isRackAware = isRackAware;
  }

  /** Empty where the leader is as good as any: it answers itself. */
  OptionalInt choose(ReplicaView leader, FetchParameters fetch) {
    if (!isRackAware || fetch.isReplica() || fetch.rackId().isEmpty() || !leader.isLeader()) {
      return OptionalInt.empty();
    }
    ClusterImage image = cluster.image();
    if (isInRack(image, leader.leaderId(), fetch)) {
      return OptionalInt.empty();
    }
    List<Integer> near =
        leader.isr().stream().filter(id -> isInRack(image, id, fetch)).sorted().toList();
    return near.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(near.get(leader.id().partition() % near.size()));
  }

  private boolean isInRack(ClusterImage image, int id, FetchParameters fetch) {
    return cluster
        .node(image, id, fetch.listenerName())
        .map(Node::rack)
        .filter(fetch.rackId()::equals)
        .isPresent();
  }

  /**
   * Whether this node may answer from a replica that does not lead: not once the cluster has given
   * the node up, for what it has may be old.
   */
  boolean mayServe(ReplicaView view) {
    return view.isLeader() || cluster.image().nodes().isAlive(cluster.nodeId());
  }
}
