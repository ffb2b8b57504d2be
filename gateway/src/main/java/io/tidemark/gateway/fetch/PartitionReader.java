package io.tidemark.gateway.fetch;

import io.tidemark.gateway.api.LocalPartitions;
import io.tidemark.gateway.api.LocalPartitions.Elsewhere;
import io.tidemark.gateway.api.LocalPartitions.Here;
import io.tidemark.gateway.api.ProtocolErrors;
import io.tidemark.gateway.replication.ReplicationThrottle;
import io.tidemark.log.replica.FollowerProgress;
import io.tidemark.log.replica.NodeEpoch;
import io.tidemark.log.replica.ReadRequest;
import io.tidemark.log.replica.ReadSource;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaRead;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.metadata.image.TopicImage;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetMovedToTieredStorageException;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/** Looks at this node's replicas. */
final class PartitionReader implements PartitionLook {
  private static final short OLDEST_VERSION_WITH_LEADER = 12;

  private final LocalPartitions partitions;
  private final PreferredReplicas preferred;
  private final ReplicationThrottle throttle;
  private final FarReads farReads;

  PartitionReader(
      LocalPartitions partitions,
      PreferredReplicas preferred,
      ReplicationThrottle throttle,
      FarReads farReads) {
    this.partitions = partitions;
    this.preferred = preferred;
    this.throttle = throttle;
    this.farReads = farReads;
  }

  @Override
  public PartitionAnswer read(
      FetchedPartition partition, FetchParameters fetch, int room, boolean atLeastOneBatch) {
    PartitionKey key = partition.key;
    if (!fetch.access().isUnlimited() && isForbidden(key, fetch)) {
      partition.session.watches().leave(partition);
      partition.readBy(null);
      return failed(partition, fetch, Errors.TOPIC_AUTHORIZATION_FAILED, Optional.empty());
    }
    return switch (partitions.find(key.topicId(), key.topicName(), key.partition())) {
      case Elsewhere elsewhere -> failed(partition, fetch, elsewhere.error(), elsewhere.id());
      case Here(Replica replica) -> read(partition, replica, fetch, room, atLeastOneBatch);
    };
  }

  /** Replicas have been asked for their right before; an id that leads nowhere hides nothing. */
  private boolean isForbidden(PartitionKey key, FetchParameters fetch) {
    if (fetch.isReplica()) {
      return false;
    }
    Optional<String> name =
        key.isById()
            ? partitions.cluster().image().topics().byId(key.topicId()).map(TopicImage::name)
            : Optional.of(key.topicName());
    return name.filter(topic -> !fetch.access().mayOnTopic(AclOperation.READ, topic)).isPresent();
  }

  private PartitionAnswer read(
      FetchedPartition partition,
      Replica replica,
      FetchParameters fetch,
      int room,
      boolean atLeastOneBatch) {
    partition.session.watches().join(replica, partition).look();
    try {
      return near(partition, replica, fetch, room, atLeastOneBatch);
    } catch (ApiException e) {
      partition.readBy(null);
      return failed(partition, fetch, ProtocolErrors.of(e), Optional.of(replica.id()));
    }
  }

  /** A follower that is held back looks at the offsets only, and stays in front of the queue. */
  private PartitionAnswer near(
      FetchedPartition partition,
      Replica replica,
      FetchParameters fetch,
      int room,
      boolean atLeastOneBatch) {
    if (fetch.isReplica() && throttle.holdsBack(replica.id(), fetch.replicaId())) {
      return nearest(partition, replica, fetch, 0, false);
    }
    PartitionAnswer answer = nearest(partition, replica, fetch, room, atLeastOneBatch);
    if (fetch.isReplica()) {
      throttle.copied(replica.id(), answer.sizeBytes());
    }
    return answer;
  }

  private PartitionAnswer nearest(
      FetchedPartition partition,
      Replica replica,
      FetchParameters fetch,
      int room,
      boolean atLeastOneBatch) {
    FetchPartition position = partition.position();
    int maxBytes = Math.min(room, position.partitionMaxBytes());
    ReplicaRead read =
        replica.read(
            new ReadRequest(
                position.fetchOffset(),
                maxBytes,
                atLeastOneBatch,
                fetch.isolation(),
                position.currentLeaderEpoch(),
                position.lastFetchedEpoch(),
                fetch.isLeaderOnly()));
    if (fetch.isReplica()) {
      read = counted(replica, read, position, fetch);
    } else if (!preferred.mayServe(read.view())) {
      read.release();
      throw new NotLeaderOrFollowerException("This node is fenced");
    }
    OptionalInt elsewhere = preferred.choose(read.view(), fetch);
    if (elsewhere.isPresent()) {
      read.release();
      partition.readBy(null);
      return FetchAnswers.elsewhere(
          partition, SeenOffsets.of(read.view()), fetch.isolation(), elsewhere.getAsInt());
    }
    boolean wasCut = room <= 0 || (!atLeastOneBatch && isTooLarge(read, position, fetch));
    return switch (read.source()) {
      case NONE, MEMORY, PAGE_CACHE -> {
        partition.readBy(null);
        yield FetchAnswers.of(partition, read, fetch.isolation(), wasCut);
      }
      case LOCAL_DISK -> farReads.fromDisk(partition, read, fetch.isolation(), wasCut);
      case BUCKET ->
          farReads.fromBucket(partition, replica, read.view(), fetch, maxBytes, atLeastOneBatch);
    };
  }

  /** Nothing was read although there is something: its first batch is larger than the room. */
  private static boolean isTooLarge(
      ReplicaRead read, FetchPartition position, FetchParameters fetch) {
    return read.sizeBytes() == 0
        && position.fetchOffset() < read.view().endOffset(fetch.isolation());
  }

  /**
   * A follower that may read here and has the same history has everything below its offset. What
   * that commits it hears of at once.
   */
  private static ReplicaRead counted(
      Replica replica, ReplicaRead read, FetchPartition position, FetchParameters fetch) {
    if (read.source() == ReadSource.BUCKET) {
      throw new OffsetMovedToTieredStorageException(
          "Offset %d of %s is below the local log start %d"
              .formatted(position.fetchOffset(), replica.id(), read.view().localLogStartOffset()));
    }
    if (read.diverging() != null) {
      return read;
    }
    NodeEpoch follower = new NodeEpoch(fetch.replicaId(), fetch.replicaEpoch());
    replica.followerProgress(
        new FollowerProgress(follower, position.fetchOffset(), position.logStartOffset()));
    ReplicaView now = replica.view();
    return now.leaderEpoch() == read.view().leaderEpoch() ? read.withView(now) : read;
  }

  private PartitionAnswer failed(
      FetchedPartition partition,
      FetchParameters fetch,
      Errors error,
      Optional<TopicIdPartition> id) {
    PartitionData data = FetchAnswers.error(partition.key.partition(), error);
    if (error == Errors.OFFSET_OUT_OF_RANGE && fetch.isReplica()) {
      data.setLogStartOffset(logStartOffset(partition.key));
    }
    boolean isMisdirected =
        error == Errors.NOT_LEADER_OR_FOLLOWER || error == Errors.FENCED_LEADER_EPOCH;
    if (isMisdirected && fetch.apiVersion() >= OLDEST_VERSION_WITH_LEADER) {
      LocalPartitions.Leader leader =
          id.map(partitions::leaderOf).orElse(LocalPartitions.Leader.UNKNOWN);
      data.currentLeader().setLeaderId(leader.leaderId()).setLeaderEpoch(leader.leaderEpoch());
    }
    return new PartitionAnswer(partition, data, null, 0, false, () -> {});
  }

  /** For a follower whose log ends before: it begins there instead. */
  private long logStartOffset(PartitionKey key) {
    return switch (partitions.find(key.topicId(), key.topicName(), key.partition())) {
      case Elsewhere _ -> FetchAnswers.UNKNOWN_OFFSET;
      case Here(Replica replica) -> replica.view().logStartOffset();
    };
  }
}
