package io.tidemark.gateway.replication;

import io.tidemark.gateway.peer.Peers;
import io.tidemark.log.validate.BatchValidator;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Time;

/**
 * What all lanes work with.
 *
 * @param nodeEpoch this life of the node; leaders count no other
 */
record FollowerTools(
    FetcherSettings settings,
    Peers peers,
    TierStarts tierStarts,
    BatchValidator validator,
    LongSupplier nodeEpoch,
    ReplicationThrottle throttle,
    Time time,
    FetcherMeters meters) {}
