package io.tidemark.tiering.retention;

import java.util.List;

/**
 * Decides where a log starts: by age and by size over both tiers, oldest first, whole segments, and
 * never past the high watermark. Pure: no clock, no state.
 */
public final class RetentionPolicy {
  private RetentionPolicy() {}

  /**
   * The new log start.
   *
   * @param segments what exists from {@code logStartOffset} on, in order, each offset once: cold
   *     segments of the committed manifest, then hot ones above them. The last is the active one
   *     when {@code lastIsActive}. A cold segment counts once its manifest is committed, not
   *     before.
   */
  public static RetentionDecision decide(
      RetentionLimits limits,
      long nowMs,
      long logStartOffset,
      long highWatermark,
      List<SegmentSpan> segments,
      boolean lastIsActive) {
    if (limits.unlimited()) {
      return new RetentionDecision(logStartOffset, false);
    }
    long totalBytes = segments.stream().mapToLong(SegmentSpan::sizeBytes).sum();
    long start = logStartOffset;
    for (int i = 0; i < segments.size(); i++) {
      SegmentSpan segment = segments.get(i);
      if (segment.nextOffset() > highWatermark
          || segment.nextOffset() == segment.baseOffset()
          || !(limits.expired(segment, nowMs) || limits.superfluous(segment, totalBytes))) {
        return new RetentionDecision(start, false);
      }
      if (lastIsActive && i == segments.size() - 1) {
        return new RetentionDecision(start, true);
      }
      totalBytes -= segment.sizeBytes();
      start = Math.max(start, segment.nextOffset());
    }
    return new RetentionDecision(start, false);
  }
}
