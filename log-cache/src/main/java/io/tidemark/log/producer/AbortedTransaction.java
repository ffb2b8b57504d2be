package io.tidemark.log.producer;

/**
 * A transaction that was aborted on this partition.
 *
 * @param producerId whose it was
 * @param firstOffset its first record
 * @param lastOffset the marker that aborted it
 * @param lastStableOffset of the log when it ended: the first offset still undecided then
 */
public record AbortedTransaction(
    long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
