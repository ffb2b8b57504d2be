package io.tidemark.log.replica;

import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;

/** What the parts of one {@link ReplicaCore} share. */
record CoreContext<T>(
    TopicIdPartition partition,
    int nodeId,
    long lagTimeMaxMs,
    Eligibility eligibility,
    CoreOffsets offsets,
    Consumer<Decision<T>> decisions) {}
