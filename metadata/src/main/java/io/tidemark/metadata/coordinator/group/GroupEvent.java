package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.TransactionalProducer;

/** What changes the hard state of groups: each is one record of __consumer_offsets. */
sealed interface GroupEvent {
  String groupId();

  /** The group's members and generation are these from now on. */
  record GroupWritten(String groupId, WrittenGroup group) implements GroupEvent {}

  /** The group is gone. */
  record GroupErased(String groupId) implements GroupEvent {}

  record OffsetCommitted(String groupId, String topic, int partition, CommittedOffset offset)
      implements GroupEvent {}

  record OffsetErased(String groupId, String topic, int partition) implements GroupEvent {}

  /** The offset counts if the producer's transaction is committed. */
  record OffsetPended(
      TransactionalProducer producer,
      String groupId,
      String topic,
      int partition,
      CommittedOffset offset)
      implements GroupEvent {}
}
