package io.tidemark.log.replica;

/**
 * What a fetch response says of the leader, beside the batches.
 *
 * @param leaderEpoch the epoch the fetch was made and answered in
 * @param highWatermark the leader's
 * @param logStartOffset the leader's
 */
public record LeaderProgress(int leaderEpoch, long highWatermark, long logStartOffset) {}
