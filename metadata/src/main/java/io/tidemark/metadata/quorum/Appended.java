package io.tidemark.metadata.quorum;

/**
 * What became of an entry.
 *
 * @param index where it was committed
 * @param refused how many of its events the fold refused because their epochs had moved; none
 *     unless two leaders decided on the same state
 */
public record Appended(long index, int refused) {}
