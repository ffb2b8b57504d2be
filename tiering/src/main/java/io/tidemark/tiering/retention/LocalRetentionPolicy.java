package io.tidemark.tiering.retention;

import java.util.List;

/**
 * Decides which hot segments a replica drops because the bucket has them: those that lie wholly
 * below both the tiered offset of a <em>committed</em> manifest and the replica's own high
 * watermark, oldest first, once local retention says so. Pure: no clock, no state.
 */
public final class LocalRetentionPolicy {
  private LocalRetentionPolicy() {}

  /**
   * The offset below which closed segments go.
   *
   * @param localLogStartOffset where the hot log starts now
   * @param closed the closed hot segments, in order
   * @param activeBytes the size of the active segment, which counts towards the size limit
   */
  public static long deleteBelow(
      RetentionLimits limits,
      long nowMs,
      long localLogStartOffset,
      long tieredOffset,
      long highWatermark,
      List<SegmentSpan> closed,
      long activeBytes) {
    long safe = Math.min(tieredOffset, highWatermark);
    long totalBytes = activeBytes + closed.stream().mapToLong(SegmentSpan::sizeBytes).sum();
    long below = localLogStartOffset;
    for (SegmentSpan segment : closed) {
      if (segment.nextOffset() > safe
          || !(limits.expired(segment, nowMs) || limits.superfluous(segment, totalBytes))) {
        return below;
      }
      totalBytes -= segment.sizeBytes();
      below = Math.max(below, segment.nextOffset());
    }
    return below;
  }
}
