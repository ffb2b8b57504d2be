package io.tidemark.gateway.net;

import io.netty.buffer.ByteBufAllocator;
import io.tidemark.gateway.metrics.RequestMetrics;
import org.apache.kafka.common.utils.Time;

/**
 * What all connections of a server share.
 *
 * @param budget of requests whose senders are known
 * @param strangers the same of the others
 * @param allocator of frames: Netty's default one pools nothing above 1 MiB, as every full Java
 *     request is
 */
record ServerContext(
    RequestHandler handler,
    FrameBudget budget,
    FrameBudget strangers,
    ConnectionLimits limits,
    Patience patience,
    int requestMaxBytes,
    ByteBufAllocator allocator,
    Time time,
    RequestMetrics requestMetrics,
    ConnectionMetrics connectionMetrics,
    QuietLog log) {}
