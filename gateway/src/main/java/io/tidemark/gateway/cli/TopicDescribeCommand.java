package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "describe",
    description =
        "Show the partitions of topics: leader, replicas, which of them come or go, and where the"
            + " log starts and ends.")
final class TopicDescribeCommand extends NodeCommand {
  @Parameters(paramLabel = "TOPIC", arity = "0..*", description = "Which topics (default: all).")
  List<String> topics = new ArrayList<>();

  @Override
  int run(Admin admin) throws Exception {
    List<String> names = topics.isEmpty() ? List.copyOf(await(admin.listTopics().names())) : topics;
    Map<String, TopicDescription> described =
        new TreeMap<>(await(admin.describeTopics(names).allTopicNames()));
    Map<TopicPartition, ListOffsetsResultInfo> starts =
        offsets(admin, described, OffsetSpec.earliest());
    Map<TopicPartition, ListOffsetsResultInfo> locals =
        offsets(admin, described, OffsetSpec.earliestLocal());
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        offsets(admin, described, OffsetSpec.latest());
    Map<TopicPartition, PartitionReassignment> moving =
        await(admin.listPartitionReassignments().reassignments());
    Result result =
        new Result(
            "topic",
            "partition",
            "leader",
            "replicas",
            "isr",
            "adding",
            "removing",
            "log start",
            "local start",
            "log end");
    for (TopicDescription topic : described.values()) {
      for (TopicPartitionInfo partition : sorted(topic)) {
        TopicPartition key = new TopicPartition(topic.name(), partition.partition());
        Node leader = partition.leader();
        PartitionReassignment move = moving.get(key);
        result.add(
            topic.name(),
            partition.partition(),
            leader == null ? null : leader.id(),
            partition.replicas().stream().map(Node::id).toList(),
            partition.isr().stream().map(Node::id).toList(),
            move == null ? null : move.addingReplicas(),
            move == null ? null : move.removingReplicas(),
            offset(starts, key),
            offset(locals, key),
            offset(ends, key));
      }
    }
    print(result);
    return ExitCode.DONE;
  }

  private static List<TopicPartitionInfo> sorted(TopicDescription topic) {
    return topic.partitions().stream()
        .sorted(Comparator.comparingInt(TopicPartitionInfo::partition))
        .toList();
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
      Admin admin, Map<String, TopicDescription> topics, OffsetSpec spec) throws Exception {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    topics.values().stream()
        .flatMap(topic ->
            topic.partitions().stream()
                .filter(partition -> partition.leader() != null)
                .map(partition -> new TopicPartition(topic.name(), partition.partition())))
        .forEach(partition -> wanted.put(partition, spec));
    return wanted.isEmpty() ? Map.of() : await(admin.listOffsets(wanted).all());
  }

  private static @org.jspecify.annotations.Nullable Long offset(
      Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
    ListOffsetsResultInfo info = offsets.get(partition);
    return info == null ? null : info.offset();
  }
}
