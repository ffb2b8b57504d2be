package io.tidemark.log.epoch;

/**
 * A leader epoch and the first offset written in it.
 *
 * @param epoch the leader epoch
 * @param startOffset the first offset of that epoch
 */
public record EpochEntry(int epoch, long startOffset) {}
