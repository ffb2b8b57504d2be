package io.tidemark.metadata.coordinator.group;

/** Whose committed offset of which partition. */
record OffsetKey(String groupId, String topic, int partition) {}
