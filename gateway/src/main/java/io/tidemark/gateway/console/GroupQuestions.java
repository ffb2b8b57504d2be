package io.tidemark.gateway.console;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What is asked of all nodes about groups and about the ends of what they read. Waits. */
final class GroupQuestions {
  private static final int CONSUMER = -1;

  private final ClusterView cluster;
  private final NodeAnswers nodes;

  /**
   * A group as its coordinator lists it.
   *
   * @param node its coordinator
   */
  record Listed(String groupId, int node, String state, String protocolType) {}

  /** All groups in order of their ids, and who did not tell. */
  record Groups(List<Listed> groups, List<Integer> unanswered) {}

  GroupQuestions(ClusterView cluster, NodeAnswers nodes) {
    this.cluster = cluster;
    this.nodes = nodes;
  }

  Groups all() {
    Asked<ListGroupsResponseData> asked =
        Asked.all(
            nodes,
            ApiKeys.LIST_GROUPS,
            cluster.image().nodes().all().stream()
                .filter(node -> !node.fenced())
                .map(NodeImage::id)
                .sorted()
                .toList(),
            new ListGroupsRequestData(),
            ListGroupsResponseData.class);
    Map<String, Listed> found = new TreeMap<>();
    Set<Integer> unanswered = new TreeSet<>(asked.unanswered());
    asked.forEach((node, answer) -> {
      if (answer.errorCode() != Errors.NONE.code()) { // its coordinator is still loading
        unanswered.add(node);
      }
      for (ListedGroup group : answer.groups()) {
        found.put(
            group.groupId(),
            new Listed(group.groupId(), node, group.groupState(), group.protocolType()));
      }
    });
    return new Groups(List.copyOf(found.values()), List.copyOf(unanswered));
  }

  /** The members of some groups, as their coordinators describe them, by group. */
  Map<String, DescribedGroup> described(Collection<Listed> groups) {
    Map<Integer, DescribeGroupsRequestData> requests = new HashMap<>();
    groups.forEach(group ->
        requests
            .computeIfAbsent(group.node(), node -> new DescribeGroupsRequestData())
            .groups()
            .add(group.groupId()));
    Map<String, DescribedGroup> found = new HashMap<>();
    Asked.each(nodes, ApiKeys.DESCRIBE_GROUPS, requests, DescribeGroupsResponseData.class)
        .forEach((node, answer) ->
            answer.groups().stream()
                .filter(group -> group.errorCode() == Errors.NONE.code())
                .forEach(group -> found.put(group.groupId(), group)));
    return found;
  }

  /**
   * What some groups have committed, by group.
   *
   * @param only the one partition that is of interest; null for all
   */
  Map<String, Map<TopicPartition, Long>> committed(
      Collection<Listed> groups, @Nullable TopicPartition only) {
    Map<Integer, OffsetFetchRequestData> requests = new HashMap<>();
    groups.forEach(group ->
        requests
            .computeIfAbsent(group.node(), node -> new OffsetFetchRequestData())
            .groups()
            .add(
                new OffsetFetchRequestGroup()
                    .setGroupId(group.groupId())
                    .setTopics(only == null ? null : List.of(topic(only)))));
    Map<String, Map<TopicPartition, Long>> found = new HashMap<>();
    Asked.each(nodes, ApiKeys.OFFSET_FETCH, requests, OffsetFetchResponseData.class)
        .forEach((node, answer) ->
            answer.groups().forEach(group -> found.put(group.groupId(), offsets(group.topics()))));
    return found;
  }

  private OffsetFetchRequestTopics topic(TopicPartition partition) {
    OffsetFetchRequestTopics topic =
        new OffsetFetchRequestTopics()
            .setName(partition.topic())
            .setPartitionIndexes(List.of(partition.partition()));
    cluster.image().topics().idOf(partition.topic()).ifPresent(topic::setTopicId);
    return topic;
  }

  private Map<TopicPartition, Long> offsets(List<OffsetFetchResponseTopics> topics) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (OffsetFetchResponseTopics topic : topics) {
      String name = name(topic);
      topic.partitions().stream()
          .filter(partition -> partition.committedOffset() >= 0)
          .forEach(partition ->
              offsets.put(
                  new TopicPartition(name, partition.partitionIndex()),
                  partition.committedOffset()));
    }
    return offsets;
  }

  /** Newer versions name a topic by its id alone. */
  private String name(OffsetFetchResponseTopics topic) {
    return topic.name().isEmpty()
        ? cluster
            .image()
            .topics()
            .byId(topic.topicId())
            .map(TopicImage::name)
            .orElse(topic.topicId().toString())
        : topic.name();
  }

  /** One of a partition's offsets, as its leader answers ListOffsets; empty when it does not. */
  OptionalLong offset(TopicPartition partition, long timestamp) {
    Long found = offsets(List.of(partition), timestamp).get(partition);
    return found == null || found < 0 ? OptionalLong.empty() : OptionalLong.of(found);
  }

  /** The same of many partitions; those whose leader does not answer are left out. */
  Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, long timestamp) {
    ClusterImage image = cluster.image();
    Map<Integer, Map<String, ListOffsetsTopic>> byLeader = new HashMap<>();
    for (TopicPartition partition : partitions) {
      leader(image, partition)
          .ifPresent(leader ->
              byLeader
                  .computeIfAbsent((int) leader, node -> new TreeMap<>())
                  .computeIfAbsent(partition.topic(), name -> new ListOffsetsTopic().setName(name))
                  .partitions()
                  .add(
                      new ListOffsetsPartition()
                          .setPartitionIndex(partition.partition())
                          .setTimestamp(timestamp)));
    }
    Map<Integer, ListOffsetsRequestData> requests = new HashMap<>();
    byLeader.forEach((leader, topics) ->
        requests.put(
            leader,
            new ListOffsetsRequestData()
                .setReplicaId(CONSUMER)
                .setTopics(new ArrayList<>(topics.values()))));
    Map<TopicPartition, Long> found = new HashMap<>();
    Asked.each(nodes, ApiKeys.LIST_OFFSETS, requests, ListOffsetsResponseData.class)
        .forEach((leader, answer) -> add(answer, found));
    return found;
  }

  private static OptionalLong leader(ClusterImage image, TopicPartition partition) {
    return image
        .topics()
        .byName(partition.topic())
        .flatMap(topic -> topic.partition(partition.partition()))
        .filter(PartitionImage::hasLeader)
        .map(found -> OptionalLong.of(found.leader()))
        .orElseGet(OptionalLong::empty);
  }

  private static void add(ListOffsetsResponseData answer, Map<TopicPartition, Long> found) {
    for (var topic : answer.topics()) {
      for (var partition : topic.partitions()) {
        if (partition.errorCode() == Errors.NONE.code()) {
          found.put(
              new TopicPartition(topic.name(), partition.partitionIndex()), partition.offset());
        }
      }
    }
  }
}
