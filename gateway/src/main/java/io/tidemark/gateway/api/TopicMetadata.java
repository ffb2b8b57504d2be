package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** A topic as Metadata describes it, by version and listener. Pure. */
final class TopicMetadata {
  private static final short OLDEST_VERSION_WITH_LISTENER_NOT_FOUND = 6;

  private final ClusterView cluster;

  TopicMetadata(ClusterView cluster) {
    this.cluster = cluster;
  }

  MetadataResponseTopic describe(ClusterImage image, TopicImage topic, Request request) {
    List<MetadataResponsePartition> partitions = new ArrayList<>(topic.partitionCount());
    for (int index = 0; index < topic.partitionCount(); index++) {
      partitions.add(describe(image, topic, index, request));
    }
    return new MetadataResponseTopic()
        .setName(topic.name())
        .setTopicId(topic.id())
        .setIsInternal(Topic.isInternal(topic.name()))
        .setPartitions(partitions);
  }

  private MetadataResponsePartition describe(
      ClusterImage image, TopicImage topic, int index, Request request) {
    PartitionImage partition = topic.partitions().get(index);
    TopicIdPartition id = new TopicIdPartition(topic.id(), index, topic.name());
    List<Integer> offline = cluster.offlineReplicas(image, id, partition);
    boolean isListed = request.apiVersion() >= 1;
    MetadataResponsePartition described =
        new MetadataResponsePartition()
            .setPartitionIndex(index)
            .setLeaderId(partition.leader())
            .setLeaderEpoch(partition.leaderEpoch())
            .setReplicaNodes(
                isListed ? partition.replicas() : without(partition.replicas(), offline))
            .setIsrNodes(isListed ? partition.isr() : without(partition.isr(), offline))
            .setOfflineReplicas(offline);
    if (!partition.hasLeader() || !cluster.isServing(image, partition.leader(), id)) {
      return described
          .setLeaderId(PartitionImage.NO_LEADER)
          .setErrorCode(Errors.LEADER_NOT_AVAILABLE.code());
    }
    return cluster
        .shownLeader(image, id, partition, request.listenerName())
        .map(leader -> described.setLeaderId(leader.id()))
        .orElseGet(() -> unreachable(described, request));
  }

  private static MetadataResponsePartition unreachable(
      MetadataResponsePartition described, Request request) {
    return request.apiVersion() >= OLDEST_VERSION_WITH_LISTENER_NOT_FOUND
        ? described.setErrorCode(Errors.LISTENER_NOT_FOUND.code())
        : described
            .setLeaderId(PartitionImage.NO_LEADER)
            .setErrorCode(Errors.LEADER_NOT_AVAILABLE.code());
  }

  private static List<Integer> without(List<Integer> nodes, List<Integer> offline) {
    return nodes.stream().filter(id -> !offline.contains(id)).toList();
  }
}
