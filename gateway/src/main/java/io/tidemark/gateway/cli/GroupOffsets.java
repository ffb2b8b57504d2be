package io.tidemark.gateway.cli;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/** What a group has committed, and offsets of the logs beside it. */
final class GroupOffsets {
  private static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private GroupOffsets() {}

  /** Committed offsets by partition, in order of topic and partition. */
  static Map<TopicPartition, Long> committed(Admin admin, String group) throws Exception {
    Map<TopicPartition, Long> committed = new TreeMap<>(ORDER);
    Map<TopicPartition, OffsetAndMetadata> all =
        NodeCommand.await(
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group));
    all.forEach((partition, offset) -> {
      if (offset != null) {
        committed.put(partition, offset.offset());
      }
    });
    return committed;
  }

  /** One offset of each partition's log that has a leader; others are left out. */
  static Map<TopicPartition, Long> ofLedLogs(
      Admin admin, Iterable<TopicPartition> partitions, OffsetSpec spec) throws Exception {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, spec));
    Map<TopicPartition, Long> offsets = new TreeMap<>(ORDER);
    ListOffsetsResult answers = admin.listOffsets(wanted);
    for (TopicPartition partition : wanted.keySet()) {
      try {
        offsets.put(partition, NodeCommand.await(answers.partitionResult(partition)).offset());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException)) {
          throw e;
        }
      }
    }
    return offsets;
  }

  /** One offset of each partition's log; fails where one has no leader. */
  static Map<TopicPartition, Long> ofLogs(
      Admin admin, Iterable<TopicPartition> partitions, OffsetSpec spec) throws Exception {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, spec));
    Map<TopicPartition, Long> offsets = new TreeMap<>(ORDER);
    if (!wanted.isEmpty()) {
      Map<TopicPartition, ListOffsetsResultInfo> infos =
          NodeCommand.await(admin.listOffsets(wanted).all());
      infos.forEach((partition, info) -> offsets.put(partition, info.offset()));
    }
    return offsets;
  }
}
