package io.tidemark.gateway.forward;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;

/** Which node answers what, by the image. Safe from any thread; each answer is from one image. */
public final class Routes {

  /** Where to. */
  public sealed interface Route {}

  /** That node answers. */
  public record To(int nodeId) implements Route {}

  /** Nobody does; the client is told this. */
  public record Nowhere(Errors error) implements Route {}

  /** What is coordinated, and on which topic. */
  public enum Coordinated {
    GROUP(Topic.GROUP_METADATA_TOPIC_NAME),
    TRANSACTION(Topic.TRANSACTION_STATE_TOPIC_NAME);

    private final String topic;

    Coordinated(String topic) {
      this.topic = topic;
    }
  }

  private final ClusterView cluster;

  /**
   * @param cluster as the gateway's clients see it
   */
  public Routes(ClusterView cluster) {
    this.cluster = cluster;
  }

  /** By id where the id is not zero, else by name. */
  public Route leader(PartitionPart part) {
    ClusterImage image = cluster.image();
    boolean isById = !part.topicId().equals(Uuid.ZERO_UUID);
    Optional<TopicImage> topic =
        isById ? image.topics().byId(part.topicId()) : image.topics().byName(part.topic());
    if (topic.isEmpty()) {
      return new Nowhere(isById ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
    return topic
        .get()
        .partition(part.index())
        .map(partition -> leader(image, partition))
        .orElseGet(() -> new Nowhere(Errors.UNKNOWN_TOPIC_OR_PARTITION));
  }

  private static Route leader(ClusterImage image, PartitionImage partition) {
    return image.nodes().isAlive(partition.leader())
        ? new To(partition.leader())
        : new Nowhere(Errors.NOT_LEADER_OR_FOLLOWER);
  }

  /** Who coordinates a group or a transactional id. */
  public Route coordinator(Coordinated kind, String key) {
    ClusterImage image = cluster.image();
    return image
        .topics()
        .byName(kind.topic)
        .flatMap(topic -> topic.partition(partitionFor(key, topic)))
        .filter(partition -> image.nodes().isAlive(partition.leader()))
        .<Route>map(partition -> new To(partition.leader()))
        .orElseGet(() -> new Nowhere(Errors.NOT_COORDINATOR));
  }

  /** Whether clients of this listener take this gateway for the coordinator of a key. */
  boolean seemsToCoordinate(Coordinated kind, String key, String listenerName) {
    ClusterImage image = cluster.image();
    Optional<TopicImage> topic = image.topics().byName(kind.topic);
    if (topic.isEmpty()) {
      return false;
    }
    int index = partitionFor(key, topic.get());
    TopicIdPartition id = new TopicIdPartition(topic.get().id(), index, kind.topic);
    return topic
        .get()
        .partition(index)
        .flatMap(partition -> cluster.shownLeader(image, id, partition, listenerName))
        .filter(node -> node.id() == cluster.nodeId())
        .isPresent();
  }

  /** Whether clients of this listener take this gateway for the leader of a partition. */
  boolean seemsToLead(PartitionPart part, String listenerName) {
    return shownLeader(part, listenerName)
        .filter(node -> node.id() == cluster.nodeId())
        .isPresent();
  }

  /** Where Kafka puts a group or a transactional id. */
  public static int partitionFor(String key, TopicImage topic) {
    return partitionFor(key, topic.partitionCount());
  }

  public static int partitionFor(String key, int partitionCount) {
    return Utils.abs(key.hashCode()) % partitionCount;
  }

  /** The nodes with replicas that are there, in order of their ids. */
  List<Integer> brokers() {
    return cluster.image().nodes().all().stream()
        .filter(node -> node.isActive() && !node.gateway())
        .map(NodeImage::id)
        .sorted()
        .toList();
  }

  /** A node for what any can answer; the same one for the same caller while the nodes stay. */
  Route any(Object caller) {
    List<Integer> brokers = brokers();
    return brokers.isEmpty()
        ? new Nowhere(Errors.COORDINATOR_LOAD_IN_PROGRESS)
        : new To(brokers.get(Math.floorMod(caller.hashCode(), brokers.size())));
  }

  /** The gateway that clients of a listener take for a partition's leader. */
  public Optional<Node> shownLeader(PartitionPart part, String listenerName) {
    ClusterImage image = cluster.image();
    Optional<TopicImage> topic =
        part.topicId().equals(Uuid.ZERO_UUID)
            ? image.topics().byName(part.topic())
            : image.topics().byId(part.topicId());
    return topic.flatMap(known ->
        known
            .partition(part.index())
            .flatMap(partition ->
                cluster.shownLeader(
                    image,
                    new TopicIdPartition(known.id(), part.index(), known.name()),
                    partition,
                    listenerName)));
  }
}
