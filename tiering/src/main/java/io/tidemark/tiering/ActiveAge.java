package io.tidemark.tiering;

import io.tidemark.log.partition.ActiveSegment;

/**
 * How long the active segment has held records: the longer of what the wall clock says since its
 * first record and what a monotonic clock says since this process saw it. So a wall clock set back
 * misses no roll, and after a restart the age goes on. Guarded by its partition's look.
 */
final class ActiveAge {
  private long baseOffset = -1;
  private long seenMs;

  /** The age now; 0 for an empty segment. */
  long ageMs(ActiveSegment active, long monotonicMs, long wallMs) {
    if (active.sizeBytes() == 0) {
      baseOffset = -1;
      return 0;
    }
    if (active.baseOffset() != baseOffset) {
      baseOffset = active.baseOffset();
      seenMs = monotonicMs;
    }
    long byWall = active.firstAppendMs() < 0 ? 0 : wallMs - active.firstAppendMs();
    return Math.max(byWall, monotonicMs - seenMs);
  }
}
