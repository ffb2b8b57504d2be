package io.tidemark.gateway.fetch;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.forward.PartitionPart;
import io.tidemark.gateway.forward.Routes;
import io.tidemark.log.record.WireRecords;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Looks for a gateway's client: what the bucket has is read there and no leader hears of it, for
 * the rest the leader is asked.
 */
final class GatewayReader implements PartitionLook {
  private static final int NO_EPOCH = -1;

  private final ClusterView cluster;
  private final Routes routes;
  private final BucketReads bucket;
  private final LeaderReads leaders;

  GatewayReader(ClusterView cluster, Routes routes, BucketReads bucket, LeaderReads leaders) {
    this.cluster = cluster;
    this.routes = routes;
    this.bucket = bucket;
    this.leaders = leaders;
  }

  @Override
  public PartitionAnswer read(
      FetchedPartition partition, FetchParameters fetch, int room, boolean atLeastOneBatch) {
    ClusterImage image = cluster.image();
    PartitionKey key = partition.key;
    Optional<TopicImage> topic =
        key.isById() ? image.topics().byId(key.topicId()) : image.topics().byName(key.topicName());
    Optional<String> name =
        key.isById() ? topic.map(TopicImage::name) : Optional.of(key.topicName());
    if (name.isPresent() && !fetch.access().mayOnTopic(AclOperation.READ, name.get())) {
      return failed(partition, Errors.TOPIC_AUTHORIZATION_FAILED);
    }
    if (topic.isEmpty()) {
      return failed(
          partition, key.isById() ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
    TopicIdPartition id =
        new TopicIdPartition(topic.get().id(), key.partition(), topic.get().name());
    return topic
        .get()
        .partition(key.partition())
        .map(known -> read(partition, id, known, fetch, room, atLeastOneBatch))
        .orElseGet(() -> failed(partition, Errors.UNKNOWN_TOPIC_OR_PARTITION));
  }

  private PartitionAnswer read(
      FetchedPartition partition,
      TopicIdPartition id,
      PartitionImage known,
      FetchParameters fetch,
      int room,
      boolean atLeastOneBatch) {
    int epoch = partition.position().currentLeaderEpoch();
    if (bucket.mayHave(partition, id, known, fetch)) {
      if (epoch != NO_EPOCH && epoch < known.leaderEpoch()) {
        return misdirected(partition, Errors.FENCED_LEADER_EPOCH, known, fetch);
      }
      int maxBytes = Math.min(room, partition.position().partitionMaxBytes());
      Optional<PartitionAnswer> cold =
          bucket.read(partition, id, known, fetch, maxBytes, atLeastOneBatch);
      if (cold.isPresent()) {
        return cold.get().asked();
      }
    }
    partition.readBy(null);
    return fromLeader(partition, id, known, fetch, room, atLeastOneBatch);
  }

  private PartitionAnswer fromLeader(
      FetchedPartition partition,
      TopicIdPartition id,
      PartitionImage known,
      FetchParameters fetch,
      int room,
      boolean atLeastOneBatch) {
    if (!cluster.image().nodes().isAlive(known.leader())) {
      return failed(partition, Errors.NOT_LEADER_OR_FOLLOWER);
    }
    LeaderFetch.Arrived arrived = leaders.look(known.leader(), partition, fetch);
    if (arrived == null) {
      return FetchAnswers.nothing(
              partition, SeenOffsets.unknown(id.topic()), fetch.isolation(), false)
          .asked();
    }
    PartitionData data = arrived.data();
    if (data.errorCode() != Errors.NONE.code()) {
      showLeader(data, partition, fetch);
      return new PartitionAnswer(partition, data, null, 0, false, () -> {}).arrived(arrived);
    }
    SeenOffsets told =
        new SeenOffsets(
            id.topic(), data.highWatermark(), data.lastStableOffset(), data.logStartOffset());
    int sizeBytes = WireRecords.sizeBytes(data.records());
    if (sizeBytes > room && !atLeastOneBatch) {
      return FetchAnswers.nothing(partition, told, fetch.isolation(), true).asked();
    }
    if (data.records() == null) {
      data.setRecords(WireRecords.empty());
    }
    return new PartitionAnswer(partition, data, told, sizeBytes, false, () -> {}).arrived(arrived);
  }

  /** Nodes say who leads now; clients of a gateway hear of the gateway that stands for it. */
  private void showLeader(PartitionData data, FetchedPartition partition, FetchParameters fetch) {
    if (data.currentLeader().leaderId() < 0) {
      return;
    }
    PartitionKey key = partition.key;
    routes
        .shownLeader(
            new PartitionPart(key.topicId(), key.topicName(), key.partition()),
            fetch.listenerName())
        .map(Node::id)
        .ifPresentOrElse(
            data.currentLeader()::setLeaderId,
            () -> data.currentLeader().setLeaderId(-1).setLeaderEpoch(-1));
  }

  private PartitionAnswer misdirected(
      FetchedPartition partition, Errors error, PartitionImage known, FetchParameters fetch) {
    PartitionAnswer answer = failed(partition, error);
    answer.data().currentLeader().setLeaderId(known.leader()).setLeaderEpoch(known.leaderEpoch());
    showLeader(answer.data(), partition, fetch);
    return answer;
  }

  private static PartitionAnswer failed(FetchedPartition partition, Errors error) {
    partition.readBy(null);
    return new PartitionAnswer(
            partition,
            FetchAnswers.error(partition.key.partition(), error),
            null,
            0,
            false,
            () -> {})
        .asked();
  }
}
