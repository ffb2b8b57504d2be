package io.tidemark.gateway.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;

/** How much a node has on its disks. */
final class LocalBytes {
  /** The store is shown as a directory of this form. */
  private static final String REMOTE = "remote://";

  private LocalBytes() {}

  /** Empty when the node is away. */
  static Optional<Long> of(Admin admin, ClusterState.Member node) throws Exception {
    if (node.isFenced()) {
      return Optional.empty();
    }
    Map<Integer, Map<String, LogDirDescription>> described =
        NodeCommand.await(admin.describeLogDirs(List.of(node.id())).allDescriptions());
    return Optional.of(
        described.getOrDefault(node.id(), Map.of()).entrySet().stream()
            .filter(directory -> !directory.getKey().startsWith(REMOTE))
            .flatMap(directory -> directory.getValue().replicaInfos().values().stream())
            .mapToLong(ReplicaInfo::size)
            .sum());
  }
}
