package io.tidemark.gateway.api;

import io.tidemark.gateway.transaction.MarkerWriter;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the replica a request means, by topic name or by topic id, or says why this node does not
 * have it. Safe from any thread.
 */
public final class LocalPartitions implements MarkerWriter.Partitions {
  private final ClusterView cluster;
  private final ReplicaSet replicas;

  public LocalPartitions(ClusterView cluster, ReplicaSet replicas) {
    this.cluster = cluster;
    this.replicas = replicas;
  }

  /** What a look-up found. */
  public sealed interface Found {}

  /** The replica on this node, in whatever role. */
  public record Here(Replica replica) implements Found {}

  /** Not on this node (any more, or yet), or its log there cannot be used. */
  public record Elsewhere(Errors error, Optional<TopicIdPartition> id) implements Found {}

  /** Who leads a partition as far as this node knows; -1 for both when it does not. */
  public record Leader(int leaderId, int leaderEpoch) {
    public static final Leader UNKNOWN = new Leader(-1, -1);
  }

  public ClusterView cluster() {
    return cluster;
  }

  /** By id where the id is not zero, else by name. */
  public Found find(Uuid topicId, String topicName, int partition) {
    return topicId.equals(Uuid.ZERO_UUID) ? find(topicName, partition) : find(topicId, partition);
  }

  @Override
  public <T> T find(
      TopicPartition partition, Function<Replica, T> here, Function<Errors, T> elsewhere) {
    return switch (find(partition.topic(), partition.partition())) {
      case Here(Replica replica) -> here.apply(replica);
      case Elsewhere(Errors error, Optional<TopicIdPartition> id) -> elsewhere.apply(error);
    };
  }

  public Found find(String topicName, int partition) {
    return cluster
        .image()
        .topics()
        .byName(topicName)
        .map(topic -> find(topic, partition))
        .orElseGet(() -> new Elsewhere(Errors.UNKNOWN_TOPIC_OR_PARTITION, Optional.empty()));
  }

  public Found find(Uuid topicId, int partition) {
    return cluster
        .image()
        .topics()
        .byId(topicId)
        .map(topic -> find(topic, partition))
        .orElseGet(() -> new Elsewhere(Errors.UNKNOWN_TOPIC_ID, Optional.empty()));
  }

  private Found find(TopicImage topic, int partition) {
    if (topic.partition(partition).isEmpty()) {
      return new Elsewhere(Errors.UNKNOWN_TOPIC_OR_PARTITION, Optional.empty());
    }
    TopicIdPartition id =
        new TopicIdPartition(topic.id(), new TopicPartition(topic.name(), partition));
    return replicas
        .get(id)
        .<Found>map(Here::new)
        .orElseGet(() -> new Elsewhere(whyNot(id), Optional.of(id)));
  }

  /** Batches for a partition that is not here (yet) were refused, and may come again. */
  void noteRefused(Uuid topicId, String topicName, int partition, @Nullable ByteBuffer batches) {
    if (batches != null) {
      replicas.refusedProducers().note(topicId, topicName, partition, batches);
    }
  }

  /** A log that could not be loaded is here, and of no use. */
  private Errors whyNot(TopicIdPartition id) {
    return replicas.whyUnavailable(id).isPresent()
        ? Errors.KAFKA_STORAGE_ERROR
        : Errors.NOT_LEADER_OR_FOLLOWER;
  }

  /** What a client that asked the wrong node is told. */
  public Leader leaderOf(TopicIdPartition id) {
    ClusterImage image = cluster.image();
    return image.partition(id).map(LocalPartitions::leader).orElse(Leader.UNKNOWN);
  }

  private static Leader leader(PartitionImage partition) {
    return new Leader(partition.leader(), partition.leaderEpoch());
  }
}
