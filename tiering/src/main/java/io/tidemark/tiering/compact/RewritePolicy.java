package io.tidemark.tiering.compact;

import io.tidemark.log.LogConfig;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.retention.SegmentTime;
import java.util.List;

/**
 * Decides what of a partition's segments in the store is rewritten next: compaction by Kafka's
 * rules, over what is in the store alone, before small neighbours. Pure.
 */
public final class RewritePolicy {
  private RewritePolicy() {}

  /** What to do. */
  public sealed interface Next {
    /** Compact what lies below {@code endOffset}, of which all below {@code startOffset} is. */
    record Compact(long startOffset, long endOffset) implements Next {}

    /** Merge these neighbours as they are. */
    record Merge(List<RemoteSegment> segments) implements Next {
      public Merge {
        segments = List.copyOf(segments);
      }
    }

    /** Nothing until the manifest changes, or this time comes by the wall clock. */
    record Nothing(long untilMs) implements Next {}
  }

  /**
   * What is dirty, and may be compacted.
   *
   * @param endOffset where it ends
   * @param oldestMs the time of its first segment's newest record
   * @param nextMs when more of it may be compacted
   */
  record Dirty(long endOffset, long cleanBytes, long dirtyBytes, long oldestMs, long nextMs) {
    double ratio() {
      return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
    }
  }

  public static Next decide(
      List<RemoteSegment> segments,
      long compactedTo,
      LogConfig config,
      CompactionSettings settings,
      long wallMs) {
    long untilMs = Long.MAX_VALUE;
    if (config.compact()) {
      Dirty dirty = dirty(segments, compactedTo, config, wallMs);
      long overdueMs = overdueMs(dirty, config);
      if (dirty.dirtyBytes > 0
          && (dirty.ratio() > config.minCleanableDirtyRatio() || overdueMs <= wallMs)) {
        return new Next.Compact(compactedTo, dirty.endOffset);
      }
      untilMs = Math.min(dirty.nextMs, overdueMs);
    }
    List<RemoteSegment> merged = MergePolicy.of(settings, config).oldest(segments);
    return merged.isEmpty() ? new Next.Nothing(untilMs) : new Next.Merge(merged);
  }

  /** Bytes that may be compacted and are not; 0 where the topic is not compacted. */
  public static long dirtyBytes(
      List<RemoteSegment> segments, long compactedTo, LogConfig config, long wallMs) {
    return config.compact() ? dirty(segments, compactedTo, config, wallMs).dirtyBytes : 0;
  }

  private static long overdueMs(Dirty dirty, LogConfig config) {
    return dirty.dirtyBytes == 0 || config.maxCompactionLagMs() > Long.MAX_VALUE - dirty.oldestMs
        ? Long.MAX_VALUE
        : dirty.oldestMs + config.maxCompactionLagMs() + 1;
  }

  private static Dirty dirty(
      List<RemoteSegment> segments, long compactedTo, LogConfig config, long wallMs) {
    long end = compactedTo;
    long cleanBytes = 0;
    long dirtyBytes = 0;
    long oldestMs = Long.MAX_VALUE;
    for (RemoteSegment segment : segments) {
      long timeMs = SegmentTime.of(segment.maxTimestampMs(), segment.uploadedAtMs());
      if (segment.nextOffset() <= compactedTo) {
        cleanBytes += segment.recordsBytes();
      } else if (config.minCompactionLagMs() > 0 && timeMs > wallMs - config.minCompactionLagMs()) {
        return new Dirty(
            end, cleanBytes, dirtyBytes, oldestMs, timeMs + config.minCompactionLagMs());
      } else {
        oldestMs = dirtyBytes == 0 ? timeMs : oldestMs;
        dirtyBytes += segment.recordsBytes();
        end = segment.nextOffset();
      }
    }
    return new Dirty(end, cleanBytes, dirtyBytes, oldestMs, Long.MAX_VALUE);
  }
}
