package io.tidemark.log.replica;

import org.apache.kafka.common.utils.Time;

/** What all replicas of a node share. Made by {@link ReplicaSet}. */
record NodeParts(
    ReplicaSettings settings,
    IsrChanges isrChanges,
    Time time,
    TailCache tailCache,
    ByteClock byteClock,
    RefusedProducers refusedProducers,
    ReplicaMeters meters) {}
