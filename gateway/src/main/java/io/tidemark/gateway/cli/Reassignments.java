package io.tidemark.gateway.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.TopicPartition;

/** Asks the cluster to move partitions, or to let them be. */
final class Reassignments {
  private Reassignments() {}

  static void begin(Admin admin, Map<TopicPartition, List<Integer>> targets) throws Exception {
    Map<TopicPartition, Optional<NewPartitionReassignment>> asked = new HashMap<>();
    targets.forEach((partition, target) ->
        asked.put(partition, Optional.of(new NewPartitionReassignment(target))));
    if (!asked.isEmpty()) {
      NodeCommand.await(admin.alterPartitionReassignments(asked).all());
    }
  }

  static void cancel(Admin admin, List<TopicPartition> partitions) throws Exception {
    Map<TopicPartition, Optional<NewPartitionReassignment>> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, Optional.empty()));
    if (!asked.isEmpty()) {
      NodeCommand.await(admin.alterPartitionReassignments(asked).all());
    }
  }
}
