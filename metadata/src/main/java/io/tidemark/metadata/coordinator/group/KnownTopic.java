package io.tidemark.metadata.coordinator.group;

import org.apache.kafka.common.Uuid;

/** A topic as the cluster knows it at this moment. */
public record KnownTopic(Uuid id, String name, int partitionCount) {}
