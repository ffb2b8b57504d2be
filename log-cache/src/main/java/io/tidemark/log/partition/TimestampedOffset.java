package io.tidemark.log.partition;

/**
 * A record's place and time, as ListOffsets answers them.
 *
 * @param offset of the record
 * @param timestampMs of the record
 * @param leaderEpoch that wrote it; -1 unknown
 */
public record TimestampedOffset(long offset, long timestampMs, int leaderEpoch) {}
