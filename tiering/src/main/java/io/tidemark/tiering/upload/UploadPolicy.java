package io.tidemark.tiering.upload;

import io.tidemark.tiering.retention.SegmentSpan;
import java.util.List;

/**
 * Decides which closed segment is uploaded next: the oldest above the tiered offset, once it lies
 * wholly below the last stable offset and the copy lag has passed. Pure: no clock, no state.
 */
public final class UploadPolicy {
  private UploadPolicy() {}

  /**
   * The next upload.
   *
   * @param lastStableOffset nothing at or above it is uploaded, ever
   * @param closed the closed hot segments, in order; those below {@code tieredOffset} or {@code
   *     logStartOffset} are passed over
   * @param activeBytes the size of the active segment: newer bytes for the lag by size
   */
  public static UploadDecision decide(
      CopyLag lag,
      long nowMs,
      long logStartOffset,
      long tieredOffset,
      long lastStableOffset,
      List<SegmentSpan> closed,
      long activeBytes) {
    long done = Math.max(logStartOffset, tieredOffset);
    for (int i = 0; i < closed.size(); i++) {
      SegmentSpan segment = closed.get(i);
      if (segment.nextOffset() <= done) {
        continue;
      }
      if (segment.nextOffset() > lastStableOffset) {
        return new UploadDecision.Nothing();
      }
      return due(lag, nowMs, segment, newerBytes(closed, i, activeBytes));
    }
    return new UploadDecision.Nothing();
  }

  private static UploadDecision due(CopyLag lag, long nowMs, SegmentSpan segment, long newerBytes) {
    boolean byTime = lag.lagMs() > 0 && nowMs - segment.timeMs() >= lag.lagMs();
    boolean bySize = lag.lagBytes() > 0 && newerBytes >= lag.lagBytes();
    if (lag.atOnce() || byTime || bySize) {
      return new UploadDecision.Upload(segment.baseOffset());
    }
    if (lag.lagMs() == CopyLag.NOT_APPLIED) {
      return new UploadDecision.Nothing();
    }
    return new UploadDecision.NotBefore(segment.timeMs() + lag.lagMs());
  }

  private static long newerBytes(List<SegmentSpan> closed, int index, long activeBytes) {
    long bytes = activeBytes;
    for (int i = index + 1; i < closed.size(); i++) {
      bytes += closed.get(i).sizeBytes();
    }
    return bytes;
  }
}
