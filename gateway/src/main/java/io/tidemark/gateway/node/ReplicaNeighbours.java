package io.tidemark.gateway.node;

import io.tidemark.gateway.api.TopicTraffic;
import io.tidemark.gateway.replication.ReplicaFetchers;
import io.tidemark.log.replica.Replica;
import io.tidemark.metadata.coordinator.group.KnownTopic;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.tiering.Tiering;
import io.tidemark.tiering.topic.TopicObject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Who else on this node must know what becomes of replicas and topics: the tiers, the fetchers of
 * followers, the coordinators, the meters.
 */
final class ReplicaNeighbours {
  private final Tiering tiering;
  private final Optional<ReplicaFetchers> fetchers;
  private final Coordinators coordinators;
  private final TopicTraffic traffic;
  private final TopicLogConfigs configs;

  /**
   * @param fetchers empty where there are no other nodes
   */
  ReplicaNeighbours(
      Tiering tiering,
      Optional<ReplicaFetchers> fetchers,
      Coordinators coordinators,
      TopicTraffic traffic,
      TopicLogConfigs configs) {
    this.tiering = tiering;
    this.fetchers = fetchers;
    this.coordinators = coordinators;
    this.traffic = traffic;
    this.configs = configs;
  }

  void created(Replica replica) {
    tiering.start(replica);
  }

  /** Starts the log at the tiered offset; waits for the store. */
  CompletableFuture<Long> restart(Replica replica) {
    return tiering.restart(replica);
  }

  /** The replica follows in this epoch: what its leader has is fetched. */
  void follows(Replica replica, int leaderId, int leaderEpoch) {
    fetchers.ifPresent(all -> all.follow(replica, leaderId, leaderEpoch));
  }

  /** Nothing is fetched for the replica any more. */
  void followsNobody(TopicIdPartition id) {
    fetchers.ifPresent(all -> all.forget(id));
  }

  void changed(TopicIdPartition id) {
    tiering.wake(id);
  }

  /** The replica leaves this node; its topic may live on. */
  void removed(TopicIdPartition id) {
    followsNobody(id);
    tiering.stop(id);
    resigned(id, Integer.MAX_VALUE);
  }

  void elected(TopicIdPartition id, int leaderEpoch) {
    coordinators.elected(id, leaderEpoch);
    tiering.wake(id);
  }

  void resigned(TopicIdPartition id, int leaderEpoch) {
    coordinators.resigned(id, leaderEpoch);
  }

  void topicsDeleted(ClusterImage previous, Set<Uuid> deleted) {
    if (deleted.isEmpty()) {
      return;
    }
    List<TopicImage> topics =
        deleted.stream().map(previous.topics()::byId).flatMap(Optional::stream).toList();
    for (TopicImage topic : topics) {
      for (int index = 0; index < topic.partitionCount(); index++) {
        tiering.deleted(new TopicIdPartition(topic.id(), index, topic.name()));
      }
    }
    List<KnownTopic> known = topics.stream().map(ImageTopicDirectory::known).toList();
    coordinators.groups().onTopicsDeleted(known);
    traffic.forget(topics.stream().map(TopicImage::name).collect(Collectors.toSet()));
  }

  /** Tiered topics describe themselves in the store. */
  void topicsChanged(ClusterImage previous, ClusterImage next, ImageDelta delta) {
    Set<Uuid> changed = new HashSet<>(delta.changedPartitions().keySet());
    changed.removeIf(id -> partitionCount(previous, id) == partitionCount(next, id));
    for (ConfigResource resource : delta.changedConfigs()) {
      if (resource.type() == ConfigResource.Type.TOPIC) {
        next.topics().idOf(resource.name()).ifPresent(changed::add);
      }
    }
    changed.stream()
        .map(next.topics()::byId)
        .flatMap(Optional::stream)
        .filter(topic -> configs.of(next, topic.name()).remoteStorageEnable())
        .forEach(topic -> tiering.topicChanged(described(next, topic)));
  }

  private static int partitionCount(ClusterImage image, Uuid id) {
    return image.topics().byId(id).map(TopicImage::partitionCount).orElse(0);
  }

  private static TopicObject described(ClusterImage image, TopicImage topic) {
    return new TopicObject(
        topic.id(),
        topic.name(),
        topic.partitionCount(),
        image.version(),
        image.configs().ofTopic(topic.name()));
  }
}
