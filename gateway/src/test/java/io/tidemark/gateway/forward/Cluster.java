package io.tidemark.gateway.forward;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.NodesImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.metadata.image.TopicsImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePVector;

/** An image of brokers, gateways and topics, as a test says it. */
final class Cluster {
  static final String LISTENER = "CLIENTS";
  static final int SELF = 11;

  private PMap<Integer, NodeImage> nodes = HashTreePMap.empty();
  private PMap<Uuid, TopicImage> topics = HashTreePMap.empty();
  private PMap<String, Uuid> ids = HashTreePMap.empty();

  Cluster broker(int id) {
    return node(id, false, false);
  }

  Cluster gateway(int id) {
    return node(id, true, false);
  }

  Cluster fence(int id) {
    return node(id, id >= SELF, true);
  }

  private Cluster node(int id, boolean isGateway, boolean isFenced) {
    nodes =
        nodes.plus(
            id,
            new NodeImage(
                id,
                new Uuid(id, id),
                id,
                List.of(new Endpoint(LISTENER, SecurityProtocol.PLAINTEXT, "host", 9000 + id)),
                null,
                isFenced,
                false,
                List.of(),
                Map.of(),
                isGateway));
    return this;
  }

  /** A topic with one partition for each leader named. */
  Cluster topic(String name, Integer... leaders) {
    List<PartitionImage> partitions =
        Stream.of(leaders)
            .map(leader -> PartitionImage.created(List.of(leader), List.of(leader)))
            .toList();
    topics =
        topics.plus(idOf(name), new TopicImage(idOf(name), name, TreePVector.from(partitions)));
    ids = ids.plus(name, idOf(name));
    return this;
  }

  static Uuid idOf(String topic) {
    return new Uuid(7, topic.hashCode());
  }

  ClusterImage image() {
    ClusterImage none = ClusterImage.EMPTY;
    return new ClusterImage(
        1,
        "cluster",
        new NodesImage(nodes),
        new TopicsImage(topics, ids, topics.size()),
        none.configs(),
        none.features(),
        0,
        none.deletedTopics(),
        none.security(),
        none.quotas());
  }

  ClusterView view() {
    return ClusterView.ofGateways(SELF, this::image);
  }

  /** Where nodes serve other nodes: the host's port is their id. */
  Optional<HostPort> address(int id) {
    return image().nodes().isAlive(id) ? Optional.of(new HostPort("node", id)) : Optional.empty();
  }
}
