package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;

/** Asks a node how much of one topic is hot and how much cold. */
final class TierWatch {
  private final Admin admin;
  private final List<TopicPartition> partitions;

  TierWatch(Admin admin, String topic, int partitionCount) {
    this.admin = admin;
    this.partitions = new ArrayList<>();
    for (int i = 0; i < partitionCount; i++) {
      partitions.add(new TopicPartition(topic, i));
    }
  }

  /** Bytes on local disks and bytes in the store. */
  record Bytes(long hot, long cold) {
    @Override
    public String toString() {
      return "hot %s, cold %s".formatted(ByteSize.megabytes(hot), ByteSize.megabytes(cold));
    }
  }

  Bytes bytes() throws Exception {
    long hot = 0;
    long cold = 0;
    for (Map<String, LogDirDescription> node :
        NodeCommand.await(admin.describeLogDirs(nodes()).allDescriptions()).values()) {
      for (Map.Entry<String, LogDirDescription> dir : node.entrySet()) {
        long bytes = bytes(dir.getValue());
        if (dir.getKey().startsWith("remote://")) {
          cold += bytes;
        } else {
          hot += bytes;
        }
      }
    }
    return new Bytes(hot, cold);
  }

  /** Whether no partition has a record left on a local disk. */
  boolean isAllCold() throws Exception {
    Map<TopicPartition, Long> locals = offsets(OffsetSpec.earliestLocal());
    return locals.equals(offsets(OffsetSpec.latest()));
  }

  private long bytes(LogDirDescription dir) {
    Map<TopicPartition, ReplicaInfo> replicas = new HashMap<>(dir.replicaInfos());
    replicas.keySet().retainAll(partitions);
    return replicas.values().stream().mapToLong(ReplicaInfo::size).sum();
  }

  private List<Integer> nodes() throws Exception {
    return NodeCommand.await(admin.describeCluster().nodes()).stream()
        .map(node -> node.id())
        .toList();
  }

  private Map<TopicPartition, Long> offsets(OffsetSpec spec) throws Exception {
    return GroupOffsets.ofLogs(admin, partitions, spec);
  }
}
