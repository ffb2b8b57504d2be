package io.tidemark.tiering;

/**
 * The cold tier of a partition as its leader last saw it committed.
 *
 * @param firstOffset the first offset that is listed; {@code tieredOffset} when none is
 * @param oldestNextOffset once the log starts here, something can be dropped
 * @param nextDueMs when retention, a sweep or a pending delete is due, monotonic
 */
record TierState(
    int leaderEpoch,
    long firstOffset,
    long oldestNextOffset,
    long tieredOffset,
    long sizeBytes,
    int segments,
    long nextDueMs) {}
