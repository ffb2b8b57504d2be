package io.tidemark.tiering.retention;

/**
 * What policies know of a segment, hot or cold: records {@code [baseOffset, nextOffset)}, the size
 * of their batches, and the time their age counts from ({@link SegmentTime}).
 */
public record SegmentSpan(long baseOffset, long nextOffset, long sizeBytes, long timeMs) {
  /** What of the segment lies at or above an offset; its size is not divided. */
  public SegmentSpan from(long offset) {
    return offset <= baseOffset
        ? this
        : new SegmentSpan(Math.min(offset, nextOffset), nextOffset, sizeBytes, timeMs);
  }
}
