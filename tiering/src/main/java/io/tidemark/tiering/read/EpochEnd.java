package io.tidemark.tiering.read;

/** The largest leader epoch at or below the one asked for, and the offset at which it ended. */
public record EpochEnd(int leaderEpoch, long endOffset) {}
