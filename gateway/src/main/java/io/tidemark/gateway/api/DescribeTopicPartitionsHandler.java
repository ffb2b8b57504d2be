package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;

/**
 * DescribeTopicPartitions: topics in order of their names, page by page. A page ends after {@code
 * max.request.partition.size.limit} partitions, or fewer where the client says so, and names the
 * partition at which the next one begins.
 */
public final class DescribeTopicPartitionsHandler implements ApiHandler {
  private final ClusterView cluster;
  private final int maxPartitions;

  public DescribeTopicPartitionsHandler(ClusterView cluster, int maxPartitions) {
    this.cluster = cluster;
    this.maxPartitions = maxPartitions;
  }

  @Override
  public void handle(Request request, Responder responder) {
    DescribeTopicPartitionsRequestData asked =
        ((DescribeTopicPartitionsRequest) request.body()).data();
    if (asked.cursor() != null && asked.cursor().partitionIndex() < 0) {
      Answers.failed(
          Errors.INVALID_REQUEST.exception("The cursor's partition index is negative"),
          request,
          responder);
      return;
    }
    responder.respond(describe(asked, request.listenerName()));
  }

  private DescribeTopicPartitionsResponseData describe(
      DescribeTopicPartitionsRequestData asked, String listener) {
    ClusterImage image = cluster.image();
    DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
    int room = Math.max(1, Math.min(maxPartitions, asked.responsePartitionLimit()));
    for (String name : names(asked, image)) {
      int from = firstPartition(asked, name);
      if (room == 0) {
        response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(from));
        return response;
      }
      Optional<TopicImage> topic = image.topics().byName(name);
      if (topic.isEmpty()) {
        response.topics().add(unknown(name));
        continue;
      }
      int to = (int) Math.min(topic.get().partitionCount(), (long) from + room);
      response.topics().add(describe(image, topic.get(), from, to, listener));
      room -= Math.max(0, to - from);
      if (to < topic.get().partitionCount()) {
        response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(to));
        return response;
      }
    }
    return response;
  }

  /** Every topic when none is named; from the cursor's on. */
  private static NavigableSet<String> names(
      DescribeTopicPartitionsRequestData asked, ClusterImage image) {
    NavigableSet<String> names = new TreeSet<>();
    if (asked.topics().isEmpty()) {
      image.topics().all().forEach(topic -> names.add(topic.name()));
    } else {
      asked.topics().stream().map(TopicRequest::name).forEach(names::add);
    }
    return asked.cursor() == null ? names : names.tailSet(asked.cursor().topicName(), true);
  }

  private static int firstPartition(DescribeTopicPartitionsRequestData asked, String name) {
    return asked.cursor() != null && asked.cursor().topicName().equals(name)
        ? asked.cursor().partitionIndex()
        : 0;
  }

  private static DescribeTopicPartitionsResponseTopic unknown(String name) {
    Errors error = Errors.UNKNOWN_TOPIC_OR_PARTITION;
    try {
      Topic.validate(name);
    } catch (InvalidTopicException e) {
      error = Errors.INVALID_TOPIC_EXCEPTION;
    }
    return new DescribeTopicPartitionsResponseTopic().setName(name).setErrorCode(error.code());
  }

  private DescribeTopicPartitionsResponseTopic describe(
      ClusterImage image, TopicImage topic, int from, int to, String listener) {
    DescribeTopicPartitionsResponseTopic described =
        new DescribeTopicPartitionsResponseTopic()
            .setName(topic.name())
            .setTopicId(topic.id())
            .setIsInternal(Topic.isInternal(topic.name()))
            .setTopicAuthorizedOperations(AuthorisedOperations.TOPIC);
    for (int index = from; index < to; index++) {
      described.partitions().add(describe(image, topic, index, listener));
    }
    return described;
  }

  private DescribeTopicPartitionsResponsePartition describe(
      ClusterImage image, TopicImage topic, int index, String listener) {
    PartitionImage partition = topic.partitions().get(index);
    TopicIdPartition id = new TopicIdPartition(topic.id(), index, topic.name());
    boolean hasLeader = partition.hasLeader() && cluster.isServing(image, partition.leader(), id);
    List<Integer> lastKnown =
        partition.lastKnownLeader() == PartitionImage.NO_LEADER
            ? List.of()
            : List.of(partition.lastKnownLeader());
    return new DescribeTopicPartitionsResponsePartition()
        .setErrorCode(hasLeader ? Errors.NONE.code() : Errors.LEADER_NOT_AVAILABLE.code())
        .setPartitionIndex(index)
        .setLeaderId(
            hasLeader ? shownLeader(image, id, partition, listener) : PartitionImage.NO_LEADER)
        .setLeaderEpoch(partition.leaderEpoch())
        .setReplicaNodes(partition.replicas())
        .setIsrNodes(partition.isr())
        .setEligibleLeaderReplicas(partition.elr())
        .setLastKnownElr(lastKnown)
        .setOfflineReplicas(cluster.offlineReplicas(image, id, partition));
  }

  /** Who leads, also where the listener does not lead there. */
  private int shownLeader(
      ClusterImage image, TopicIdPartition id, PartitionImage partition, String listener) {
    return cluster
        .shownLeader(image, id, partition, listener)
        .map(Node::id)
        .orElse(partition.leader());
  }
}
