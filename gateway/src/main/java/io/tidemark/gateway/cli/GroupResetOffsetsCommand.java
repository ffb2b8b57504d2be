package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "reset-offsets",
    description =
        "Move a group's committed offsets. Only shows what would change unless --execute is given.")
final class GroupResetOffsetsCommand extends NodeCommand {
  @Parameters(paramLabel = "GROUP", description = "The group's id; it must have no members.")
  String group = "";

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Which topics (default: all the group has offsets for); may be repeated.")
  List<String> topics = new ArrayList<>();

  @ArgGroup(multiplicity = "1")
  Target target = new Target();

  @Option(names = "--execute", description = "Commit the new offsets.")
  boolean execute;

  /** Where to move to; exactly one is given. */
  static final class Target {
    @Option(names = "--to-earliest", description = "To the log start.")
    boolean toEarliest;

    @Option(names = "--to-latest", description = "To the log end.")
    boolean toLatest;

    @Option(names = "--to-offset", paramLabel = "N", description = "To this offset.")
    @Nullable Long toOffset;

    @Option(
        names = "--to-time",
        paramLabel = "TIME",
        description = "To the first record at or after this time (ISO 8601 or milliseconds).")
    @Nullable String toTime;

    @Option(
        names = "--shift-by",
        paramLabel = "N",
        description = "By so many offsets, back when negative.")
    @Nullable Long shiftBy;
  }

  @Override
  int run(Admin admin) throws Exception {
    Map<TopicPartition, Long> before = GroupOffsets.committed(admin, group);
    List<TopicPartition> partitions = partitions(admin, before);
    if (partitions.isEmpty()) {
      throw CommandFailure.refused(
          "group " + group + " has no committed offsets; name the topics with --topic");
    }
    Map<TopicPartition, Long> after = after(admin, partitions, before);
    if (execute) {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      after.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
      commit(admin, offsets);
    }
    Result result = new Result("group", "topic", "partition", "before", "after", "done");
    for (TopicPartition partition : partitions) {
      result.add(
          group,
          partition.topic(),
          partition.partition(),
          before.get(partition),
          after.get(partition),
          execute);
    }
    print(result);
    if (!execute) {
      spec.commandLine()
          .getErr()
          .println("Nothing was changed; add --execute to commit these offsets.");
    }
    return ExitCode.DONE;
  }

  private void commit(Admin admin, Map<TopicPartition, OffsetAndMetadata> offsets)
      throws Exception {
    try {
      await(admin.alterConsumerGroupOffsets(group, offsets).all());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownMemberIdException) {
        throw CommandFailure.refused(
            "group "
                + group
                + " has members, which would go on from where they are; stop them first"
                + " (UNKNOWN_MEMBER_ID)");
      }
      throw e;
    }
  }

  private List<TopicPartition> partitions(Admin admin, Map<TopicPartition, Long> committed)
      throws Exception {
    if (topics.isEmpty()) {
      return List.copyOf(committed.keySet());
    }
    List<TopicPartition> partitions = new ArrayList<>();
    var described = await(admin.describeTopics(topics).allTopicNames());
    for (String topic : topics) {
      described.getOrDefault(topic, missing(topic)).partitions().stream()
          .map(TopicPartitionInfo::partition)
          .sorted()
          .forEach(partition -> partitions.add(new TopicPartition(topic, partition)));
    }
    return partitions;
  }

  private static org.apache.kafka.clients.admin.TopicDescription missing(String topic) {
    return new org.apache.kafka.clients.admin.TopicDescription(topic, false, List.of());
  }

  /** The new offsets, held within the log as it is now. */
  private Map<TopicPartition, Long> after(
      Admin admin, List<TopicPartition> partitions, Map<TopicPartition, Long> before)
      throws Exception {
    Map<TopicPartition, Long> starts =
        GroupOffsets.ofLogs(admin, partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = GroupOffsets.ofLogs(admin, partitions, OffsetSpec.latest());
    Map<TopicPartition, Long> wanted = wanted(admin, partitions, before, starts, ends);
    Map<TopicPartition, Long> after = new HashMap<>();
    for (TopicPartition partition : partitions) {
      long start = starts.getOrDefault(partition, 0L);
      long end = ends.getOrDefault(partition, start);
      after.put(partition, Math.clamp(wanted.getOrDefault(partition, end), start, end));
    }
    return after;
  }

  private Map<TopicPartition, Long> wanted(
      Admin admin,
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> before,
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, Long> ends)
      throws Exception {
    if (target.toEarliest) {
      return starts;
    }
    if (target.toLatest) {
      return ends;
    }
    if (target.toTime != null) {
      Map<TopicPartition, Long> found =
          GroupOffsets.ofLogs(
              admin, partitions, OffsetSpec.forTimestamp(StartPosition.time(target.toTime)));
      found.values().removeIf(offset -> offset < 0);
      return found;
    }
    Map<TopicPartition, Long> wanted = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Long fixed = target.toOffset;
      long from = before.getOrDefault(partition, starts.getOrDefault(partition, 0L));
      long shift = target.shiftBy == null ? 0 : target.shiftBy;
      wanted.put(partition, fixed == null ? from + shift : fixed);
    }
    return wanted;
  }
}
