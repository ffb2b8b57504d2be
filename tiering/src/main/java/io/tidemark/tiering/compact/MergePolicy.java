package io.tidemark.tiering.compact;

import io.tidemark.log.LogConfig;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.retention.SegmentTime;
import java.util.List;

/**
 * Which neighbours become one object. Those are merged of which none is larger than half of all:
 * each time a byte is rewritten it comes to lie in an object at least twice as large, so it is
 * rewritten a logarithmic number of times. Where retention deletes, an object spans at most a tenth
 * of what retention keeps, so that it goes nearly as soon as its parts would have. Pure.
 *
 * @param objectBytes no larger objects are made
 * @param fewest segments that are worth it
 * @param maxSpanMs between the times of first and last segment
 */
record MergePolicy(long objectBytes, int fewest, long maxSpanMs) {
  /** Pending deletes have room for several such merges. */
  static final int MOST_SEGMENTS = 64;

  private static final int SHARE_OF_RETENTION = 10;

  static MergePolicy of(CompactionSettings settings, LogConfig config) {
    long objectBytes = settings.objectBytes();
    long maxSpanMs = Long.MAX_VALUE;
    if (config.delete() && config.retentionBytes() >= 0) {
      objectBytes = Math.min(objectBytes, config.retentionBytes() / SHARE_OF_RETENTION);
    }
    if (config.delete() && config.retentionMs() >= 0) {
      maxSpanMs = config.retentionMs() / SHARE_OF_RETENTION;
    }
    return new MergePolicy(objectBytes, settings.mergeSegments(), maxSpanMs);
  }

  /** The oldest neighbours to be merged; none when there are none. */
  List<RemoteSegment> oldest(List<RemoteSegment> segments) {
    for (int first = 0; first + fewest <= segments.size(); first++) {
      int end = end(segments, first);
      if (end - first >= fewest) {
        return segments.subList(first, end);
      }
    }
    return List.of();
  }

  /** Where the longest run ends that may be merged; {@code first} when none may. */
  private int end(List<RemoteSegment> segments, int first) {
    int end = first;
    long sum = 0;
    long largest = 0;
    for (int i = first; i < segments.size() && i - first < MOST_SEGMENTS; i++) {
      RemoteSegment segment = segments.get(i);
      sum += segment.recordsBytes();
      largest = Math.max(largest, segment.recordsBytes());
      if (sum > objectBytes || !isNear(segments.get(first), segment)) {
        break;
      }
      if (2 * largest <= sum) {
        end = i + 1;
      }
    }
    return end;
  }

  /** Whether two segments may come to lie in one object, as far as times and offsets go. */
  boolean isNear(RemoteSegment first, RemoteSegment other) {
    return Math.abs(timeMs(other) - timeMs(first)) <= maxSpanMs
        && other.nextOffset() - first.baseOffset() <= Integer.MAX_VALUE;
  }

  private static long timeMs(RemoteSegment segment) {
    return SegmentTime.of(segment.maxTimestampMs(), segment.uploadedAtMs());
  }
}
