package io.tidemark.tiering.sweep;

import org.apache.kafka.common.Uuid;

/** A topic the quorum has deleted and whose objects may still be in the store. */
public record DeletedTopic(Uuid topicId, String name, int partitions) {}
