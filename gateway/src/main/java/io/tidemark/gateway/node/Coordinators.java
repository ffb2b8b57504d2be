package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ProducerIds;
import io.tidemark.gateway.transaction.MarkerWriter;
import io.tidemark.gateway.transaction.PartitionAdmission;
import io.tidemark.metadata.coordinator.group.GroupCoordinator;
import io.tidemark.metadata.coordinator.transaction.TransactionCoordinator;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.internals.Topic;

/** The coordinators of this node, and what their handlers need beside them. */
record Coordinators(
    GroupCoordinator groups,
    TransactionCoordinator transactions,
    PartitionAdmission admission,
    MarkerWriter markers,
    ProducerIds producerIds) {

  /** This node leads the partition; tells the coordinator that lives on it, if one does. */
  void elected(TopicIdPartition id, int leaderEpoch) {
    switch (id.topic()) {
      case Topic.GROUP_METADATA_TOPIC_NAME -> groups.onElected(id.partition(), leaderEpoch);
      case Topic.TRANSACTION_STATE_TOPIC_NAME ->
          transactions.onElected(id.partition(), leaderEpoch);
      default -> {}
    }
  }

  void resigned(TopicIdPartition id, int leaderEpoch) {
    switch (id.topic()) {
      case Topic.GROUP_METADATA_TOPIC_NAME -> groups.onResigned(id.partition(), leaderEpoch);
      case Topic.TRANSACTION_STATE_TOPIC_NAME ->
          transactions.onResigned(id.partition(), leaderEpoch);
      default -> {}
    }
  }
}
