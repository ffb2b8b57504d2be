package io.tidemark.log.partition;

/**
 * The offsets of a log at one moment. {@code logStartOffset ≤ logEndOffset}, {@code
 * localLogStartOffset ≤ logEndOffset}; the log start lies below the local one while older records
 * are in the cold tier only, and above it after DeleteRecords.
 *
 * @param logStartOffset first offset a client may read
 * @param localLogStartOffset first offset on this disk
 * @param logEndOffset the next offset to be written
 * @param activeSegmentBaseOffset where the segment being written begins
 */
public record LogOffsets(
    long logStartOffset,
    long localLogStartOffset,
    long logEndOffset,
    long activeSegmentBaseOffset) {}
