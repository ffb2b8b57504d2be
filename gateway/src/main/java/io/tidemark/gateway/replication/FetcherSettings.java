package io.tidemark.gateway.replication;

/**
 * How followers fetch.
 *
 * @param nodeId this node
 * @param fetchersPerLeader lanes to each leader's node
 * @param partitionMaxBytes asked for of one partition
 * @param responseMaxBytes asked for in one answer
 * @param backoffMs between attempts at a partition that fails, at most
 * @param timeoutMs for an answer, beside the time the leader may wait
 */
public record FetcherSettings(
    int nodeId,
    int fetchersPerLeader,
    int partitionMaxBytes,
    int responseMaxBytes,
    int minBytes,
    int maxWaitMs,
    int backoffMs,
    int timeoutMs) {}
