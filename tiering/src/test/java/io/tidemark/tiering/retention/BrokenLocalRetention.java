package io.tidemark.tiering.retention;

import java.util.List;

/**
 * A mistake one could make in local retention, to be put into its class by tests that show that the
 * simulation notices. Called from broken code only.
 */
public final class BrokenLocalRetention {
  private BrokenLocalRetention() {}

  /** What is committed may leave the disk, whether the store has it or not. */
  static long deletesBeforeTheCommit(
      RetentionLimits limits,
      long nowMs,
      long localLogStartOffset,
      long tieredOffset,
      long highWatermark,
      List<SegmentSpan> closed,
      long activeBytes) {
    return closed.stream()
        .mapToLong(SegmentSpan::nextOffset)
        .filter(next -> next <= highWatermark)
        .reduce(localLogStartOffset, Math::max);
  }
}
