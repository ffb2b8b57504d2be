package io.tidemark.gateway.node;

import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.metadata.coordinator.group.ClientContext;
import io.tidemark.metadata.coordinator.group.GroupCoordinator;
import io.tidemark.tiering.Tiering;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/**
 * What this node answers the console of itself: the few messages it asks other nodes with, without
 * a socket and without asking who wants to know, which the HTTP port has done.
 */
final class OwnAnswers {
  /** Of these versions the answers name topics, and hold several groups. */
  private static final ClientContext CONSOLE = new ClientContext("console", "localhost", (short) 9);

  private static final ClientContext DESCRIBER =
      new ClientContext("console", "localhost", (short) 6);

  private final GroupCoordinator groups;
  private final ReplicaSet replicas;
  private final Tiering tiering;

  OwnAnswers(GroupCoordinator groups, ReplicaSet replicas, Tiering tiering) {
    this.groups = groups;
    this.replicas = replicas;
    this.tiering = tiering;
  }

  CompletableFuture<? extends ApiMessage> answer(ApiKeys key, ApiMessage request) {
    return switch (request) {
      case ListGroupsRequestData list -> groups.listGroups(CONSOLE, list);
      case DescribeGroupsRequestData describe -> groups.describeGroups(DESCRIBER, describe);
      case OffsetFetchRequestData fetch -> groups.fetchOffsets(CONSOLE, fetch);
      case ListOffsetsRequestData offsets -> CompletableFuture.completedFuture(offsets(offsets));
      default ->
          key == ApiKeys.DESCRIBE_LOG_DIRS
              ? CompletableFuture.completedFuture(sizes())
              : CompletableFuture.failedFuture(
                  new UnsupportedVersionException("The console does not ask for " + key));
    };
  }

  private ListOffsetsResponseData offsets(ListOffsetsRequestData request) {
    List<ListOffsetsTopicResponse> topics = new ArrayList<>();
    for (var topic : request.topics()) {
      ListOffsetsTopicResponse answer = new ListOffsetsTopicResponse().setName(topic.name());
      for (var asked : topic.partitions()) {
        answer
            .partitions()
            .add(
                offset(
                    new TopicPartition(topic.name(), asked.partitionIndex()), asked.timestamp()));
      }
      topics.add(answer);
    }
    return new ListOffsetsResponseData().setTopics(topics);
  }

  private ListOffsetsPartitionResponse offset(TopicPartition partition, long timestamp) {
    ListOffsetsPartitionResponse answer =
        new ListOffsetsPartitionResponse().setPartitionIndex(partition.partition());
    return replicas
        .byName(partition)
        .map(Replica::view)
        .filter(ReplicaView::isLeader)
        .map(view -> answer.setOffset(offset(view, timestamp)))
        .orElseGet(() -> answer.setErrorCode(Errors.NOT_LEADER_OR_FOLLOWER.code()));
  }

  private static long offset(ReplicaView view, long timestamp) {
    if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP) {
      return view.logStartOffset();
    }
    return timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP
        ? view.localLogStartOffset()
        : view.highWatermark();
  }

  private DescribeLogDirsResponseData sizes() {
    List<DescribeLogDirsResult> results = new ArrayList<>();
    results.add(directory("local", Replica::sizeBytes));
    if (tiering.storeAddress() != null) {
      results.add(directory("remote://store", replica -> tiering.coldBytes(replica.id())));
    }
    return new DescribeLogDirsResponseData().setResults(results);
  }

  private DescribeLogDirsResult directory(String name, ToLongFunction<Replica> size) {
    Map<String, DescribeLogDirsTopic> topics = new HashMap<>();
    for (Replica replica : replicas.all()) {
      topics
          .computeIfAbsent(replica.id().topic(), topic -> new DescribeLogDirsTopic().setName(topic))
          .partitions()
          .add(
              new DescribeLogDirsPartition()
                  .setPartitionIndex(replica.id().partition())
                  .setPartitionSize(size.applyAsLong(replica)));
    }
    return new DescribeLogDirsResult().setLogDir(name).setTopics(List.copyOf(topics.values()));
  }
}
