package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.metadata.image.NodeImage;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Has healthy nodes fenced, as a controller would that is wrong about them: it hears a heartbeat in
 * their name that asks for it. Where the node is cut off from the others at the same time it does
 * not hear of that, goes on as the leader it was, and what it had under way arrives late.
 */
final class Fencing {
  private final SimulatedCluster cluster;
  private final ClusterWorkload workload;
  private final ClusterClient client;
  private final RandomGenerator random;

  Fencing(SimulatedCluster cluster, ClusterWorkload workload) {
    this.cluster = cluster;
    this.workload = workload;
    this.client = workload.client("fencing");
    this.random = cluster.simulation().random();
  }

  /** One more node is fenced, and who was cut off may hear of it. */
  void happen() {
    if (random.nextBoolean()) {
      cluster.network().heal();
    }
    List<NodeImage> active =
        cluster.image().nodes().all().stream().filter(NodeImage::isActive).toList();
    int controller = cluster.raft().leaderId();
    if (active.isEmpty() || controller < 1) {
      return;
    }
    NodeImage node = active.get(random.nextInt(active.size()));
    if (node.id() != controller && random.nextBoolean()) {
      cluster.isolate(node.id());
    }
    fence(node, cluster.controllerAddress(controller));
  }

  private void fence(NodeImage node, HostPort controller) {
    BrokerHeartbeatRequestData request =
        new BrokerHeartbeatRequestData()
            .setBrokerId(node.id())
            .setBrokerEpoch(node.epoch())
            .setCurrentMetadataOffset(cluster.image().version())
            .setWantFence(true);
    // Whatever the answer: it is done now, later or never.
    workload.once(() -> client.ask(controller, ApiKeys.BROKER_HEARTBEAT, request));
  }
}
