package io.tidemark.log.partition;

import io.tidemark.log.segment.Segment;
import java.util.List;

/**
 * A log at one moment, as its readers see it. Immutable.
 *
 * @param segments by base offset, never empty; the last is being written
 * @param logStartOffset first offset a client may read
 * @param logEndOffset the next offset to be written
 * @param activeSizeBytes of the last segment, as far as it counts
 * @param truncations how often the log was cut; a reader that stumbles looks whether it moved
 */
record LogState(
    List<Segment> segments,
    long logStartOffset,
    long logEndOffset,
    long activeSizeBytes,
    int truncations) {

  Segment active() {
    return segments.getLast();
  }

  long localLogStartOffset() {
    return segments.getFirst().baseOffset();
  }

  LogOffsets offsets() {
    return new LogOffsets(
        logStartOffset, localLogStartOffset(), logEndOffset, active().baseOffset());
  }

  /** One past the last offset of a segment. */
  long nextOffset(int segment) {
    return segment + 1 < segments.size() ? segments.get(segment + 1).baseOffset() : logEndOffset;
  }

  /** Where the batches of a segment end. */
  long sizeBytes(int segment) {
    return segment + 1 < segments.size() ? segments.get(segment).sizeBytes() : activeSizeBytes;
  }

  /** The segment that holds an offset, which is not below the local log start. */
  int indexOf(long offset) {
    int low = 0;
    int high = segments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segments.get(middle).baseOffset() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.max(0, low - 1);
  }

  LogState appended(long newLogEndOffset) {
    return new LogState(
        segments, logStartOffset, newLogEndOffset, active().sizeBytes(), truncations);
  }

  LogState startingAt(long newLogStartOffset) {
    return new LogState(segments, newLogStartOffset, logEndOffset, activeSizeBytes, truncations);
  }

  LogState withSegments(List<Segment> newSegments) {
    return new LogState(
        newSegments, logStartOffset, logEndOffset, newSegments.getLast().sizeBytes(), truncations);
  }

  LogState truncated(List<Segment> newSegments, long newLogStartOffset, long newLogEndOffset) {
    return new LogState(
        newSegments,
        newLogStartOffset,
        newLogEndOffset,
        newSegments.getLast().sizeBytes(),
        truncations + 1);
  }
}
