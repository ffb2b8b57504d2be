package io.tidemark.gateway.replication;

import org.apache.kafka.common.Uuid;

/** A partition as fetches name it. */
record PartitionRef(Uuid topicId, int partition) {}
