package io.tidemark.gateway.replication;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;

/** Partitions as a fetch request names them, topic by topic. */
final class FetchTopics {
  private final int partitionMaxBytes;
  private final Map<Uuid, FetchTopic> topics = new LinkedHashMap<>();

  FetchTopics(int partitionMaxBytes) {
    this.partitionMaxBytes = partitionMaxBytes;
  }

  void add(FollowedPartition partition) {
    Position position = partition.position();
    topics
        .computeIfAbsent(
            partition.id.topicId(),
            topicId -> new FetchTopic().setTopicId(topicId).setTopic(partition.id.topic()))
        .partitions()
        .add(
            new FetchPartition()
                .setPartition(partition.id.partition())
                .setCurrentLeaderEpoch(partition.leaderEpoch)
                .setFetchOffset(position.offset())
                .setLastFetchedEpoch(position.lastEpoch())
                .setLogStartOffset(position.logStartOffset())
                .setPartitionMaxBytes(partitionMaxBytes)
                .setHighWatermark(position.highWatermark()));
  }

  List<FetchTopic> all() {
    return List.copyOf(topics.values());
  }
}
