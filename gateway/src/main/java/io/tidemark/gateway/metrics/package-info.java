/**
 * The node's meters: the registry every part registers its own with, and those of requests.
 *
 * <pre>
 *   parts of the node ─► MeterRegistry (NodeMeters: JVM, process, Netty; SeriesLimit) ─► /metrics
 *   net: Connection ───► RequestMetrics: count, latency, bytes, errors by API
 * </pre>
 *
 * {@code docs/metrics.md} is made of what a working node shows; a test keeps it fresh.
 */
@NullMarked
package io.tidemark.gateway.metrics;

import org.jspecify.annotations.NullMarked;
