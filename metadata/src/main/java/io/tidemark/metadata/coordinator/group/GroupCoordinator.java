package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.CoordinatorLog;
import io.tidemark.metadata.coordinator.CoordinatorPlatform;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;

/** Consumer groups and their committed offsets on this node's partitions of __consumer_offsets. */
public final class GroupCoordinator implements AutoCloseable {
  public GroupCoordinator(
      GroupConfig config,
      CoordinatorLog log,
      TopicDirectory topics,
      IntSupplier partitionCount,
      CoordinatorPlatform platform) {}

  /** The partition of __consumer_offsets that has the group, as Kafka computes it. */
  public int partitionFor(String groupId) {
    throw new UnsupportedOperationException();
  }

  /** This node leads the partition from now on: load it and serve its groups. */
  public void onElected(int partition, int leaderEpoch) {}

  /** This node no longer leads the partition (or not in an epoch up to this one). */
  public void onResigned(int partition, int leaderEpoch) {}

  /** These topics are gone: their committed offsets go too. */
  public void onTopicsDeleted(Collection<KnownTopic> deleted) {}

  @Override
  public void close() {}

  public CompletableFuture<JoinGroupResponseData> joinGroup(
      ClientContext client, JoinGroupRequestData request) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<SyncGroupResponseData> syncGroup(
      ClientContext client, SyncGroupRequestData request) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<HeartbeatResponseData> heartbeat(
      ClientContext client, HeartbeatRequestData request) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<LeaveGroupResponseData> leaveGroup(
      ClientContext client, LeaveGroupRequestData request) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<OffsetCommitResponseData> commitOffsets(
      ClientContext client, OffsetCommitRequestData request) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<OffsetFetchResponseData> fetchOffsets(
      ClientContext client, OffsetFetchRequestData request) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<DescribeGroupsResponseData> describeGroups(
      ClientContext client, DescribeGroupsRequestData request) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<ListGroupsResponseData> listGroups(
      ClientContext client, ListGroupsRequestData request) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<DeleteGroupsResponseData> deleteGroups(
      ClientContext client, DeleteGroupsRequestData request) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<OffsetDeleteResponseData> deleteOffsets(
      ClientContext client, OffsetDeleteRequestData request) {
    throw new UnsupportedOperationException();
  }
}
