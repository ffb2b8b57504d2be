package io.tidemark.tiering.read;

/** A record found by its timestamp: {@code leaderEpoch} is that of its batch. */
public record TimestampedOffset(long offset, long timestampMs, int leaderEpoch) {}
