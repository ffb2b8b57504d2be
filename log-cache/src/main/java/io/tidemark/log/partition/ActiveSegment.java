package io.tidemark.log.partition;

/**
 * The segment being written, at one moment.
 *
 * @param baseOffset where it begins
 * @param sizeBytes 0 while nothing is written
 * @param firstAppendMs when its first batch was written, by the node's clock; -1 none
 * @param lastAppendMs when its last batch was written; -1 none
 * @param maxTimestampMs the largest timestamp of its records; -1 none
 */
public record ActiveSegment(
    long baseOffset, long sizeBytes, long firstAppendMs, long lastAppendMs, long maxTimestampMs) {}
