package io.tidemark.gateway.console;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.metadata.event.ImageDifference;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.NodesImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.metadata.image.TopicsImage;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/** A cluster's image that a test changes, as node 1 sees it. Used by one thread. */
final class SmallCluster {
  private long version = 1;
  private PMap<Integer, NodeImage> nodes = HashTreePMap.empty();
  private PMap<Uuid, TopicImage> topics = HashTreePMap.empty();
  private PMap<String, Uuid> ids = HashTreePMap.empty();

  ClusterView view() {
    return new ClusterView(1, this::image, () -> 1, id -> false);
  }

  ClusterImage image() {
    ClusterImage none = ClusterImage.EMPTY;
    int partitions = topics.values().stream().mapToInt(TopicImage::partitionCount).sum();
    return new ClusterImage(
        version,
        "cluster",
        new NodesImage(nodes),
        new TopicsImage(topics, ids, partitions),
        none.configs(),
        none.features(),
        0,
        none.deletedTopics(),
        none.security(),
        none.quotas());
  }

  SmallCluster node(int id, String rack, boolean isFenced) {
    nodes =
        nodes.plus(
            id,
            new NodeImage(
                id,
                new Uuid(id, id),
                id,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "host", 9000 + id)),
                rack,
                isFenced,
                false,
                List.of(),
                Map.of()));
    return this;
  }

  /** With a replica on each node, led by these. */
  SmallCluster topic(String name, Integer... leaders) {
    PVector<PartitionImage> partitions = TreePVector.empty();
    for (int leader : leaders) {
      List<Integer> replicas =
          nodes.keySet().stream()
              .sorted((a, b) -> a == leader ? -1 : b == leader ? 1 : a - b)
              .toList();
      partitions = partitions.plus(PartitionImage.created(replicas, replicas));
    }
    Uuid id = new Uuid(7, topics.size() + 1);
    topics = topics.plus(id, new TopicImage(id, name, partitions));
    ids = ids.plus(name, id);
    return this;
  }

  SmallCluster withoutTopic(String name) {
    topics = topics.minus(ids.get(name));
    ids = ids.minus(name);
    return this;
  }

  SmallCluster change(String topic, int partition, UnaryOperator<PartitionImage> change) {
    TopicImage old = image().topics().byName(topic).orElseThrow();
    PartitionImage changed = change.apply(old.partitions().get(partition));
    topics =
        topics.plus(
            old.id(), new TopicImage(old.id(), topic, old.partitions().with(partition, changed)));
    return this;
  }

  /** Makes a change and tells it, as one step of the quorum. */
  void step(ClusterEvents events, Runnable change) {
    ClusterImage before = image();
    change.run();
    version++;
    ClusterImage after = image();
    events.changed(before, after, ImageDifference.between(before, after));
  }
}
