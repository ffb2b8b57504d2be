package io.tidemark.gateway.cli;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "describe", description = "Show a group's members, committed offsets and lag.")
final class GroupDescribeCommand extends NodeCommand {
  @Parameters(paramLabel = "GROUP", description = "The group's id.")
  String group = "";

  @Override
  int run(Admin admin) throws Exception {
    ConsumerGroupDescription described =
        await(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group));
    Map<TopicPartition, MemberDescription> owners = new HashMap<>();
    for (MemberDescription member : described.members()) {
      member.assignment().topicPartitions().forEach(partition -> owners.put(partition, member));
    }
    Map<TopicPartition, Long> committed = GroupOffsets.committed(admin, group);
    Set<TopicPartition> partitions =
        new TreeSet<>(
            Comparator.comparing(TopicPartition::topic)
                .thenComparingInt(TopicPartition::partition));
    partitions.addAll(committed.keySet());
    partitions.addAll(owners.keySet());
    Map<TopicPartition, Long> ends = GroupOffsets.ofLedLogs(admin, partitions, OffsetSpec.latest());
    Result result =
        new Result(
            "group",
            "state",
            "topic",
            "partition",
            "committed",
            "log end",
            "lag",
            "member",
            "host");
    for (TopicPartition partition : partitions) {
      MemberDescription owner = owners.get(partition);
      Long offset = committed.get(partition);
      Long end = ends.get(partition);
      result.add(
          group,
          described.groupState().toString(),
          partition.topic(),
          partition.partition(),
          offset,
          end,
          offset == null || end == null ? null : Math.max(0, end - offset),
          owner == null ? null : owner.consumerId(),
          owner == null ? null : owner.host());
    }
    for (MemberDescription member : described.members()) {
      if (member.assignment().topicPartitions().isEmpty()) {
        result.add(
            group,
            described.groupState().toString(),
            null,
            null,
            null,
            null,
            null,
            member.consumerId(),
            member.host());
      }
    }
    if (result.isEmpty()) {
      result.add(
          group, described.groupState().toString(), null, null, null, null, null, null, null);
    }
    print(result);
    return ExitCode.DONE;
  }
}
