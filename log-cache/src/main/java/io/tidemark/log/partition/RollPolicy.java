package io.tidemark.log.partition;

import io.tidemark.log.LogConfig;

/**
 * Decides whether the active segment has to close before a plan is written: full by size, by age or
 * by index, or its offsets too far from the first. Pure.
 */
final class RollPolicy {
  private RollPolicy() {}

  /**
   * What of the active segment decides.
   *
   * @param firstTimestampMs largest timestamp of its first batch; -1 where it has none
   * @param createdMs when it was created, by the node's clock
   * @param seed differs between logs and segments, for the jitter
   */
  record Active(
      long baseOffset,
      long sizeBytes,
      boolean isIndexFull,
      long firstTimestampMs,
      long createdMs,
      int seed) {}

  static boolean mustRoll(Active active, AppendPlan plan, LogConfig config) {
    if (active.sizeBytes() == 0) {
      return false;
    }
    return active.sizeBytes() + plan.sizeBytes() > config.segmentBytes()
        || active.isIndexFull()
        || plan.nextOffset() - active.baseOffset() > Integer.MAX_VALUE
        || ageMs(active, plan) > config.effectiveSegmentMs() - jitterMs(active, config);
  }

  /** By the records' own times where they have some, so that a replayed log rolls as it did. */
  private static long ageMs(Active active, AppendPlan plan) {
    return active.firstTimestampMs() >= 0 && plan.maxTimestampMs() >= 0
        ? plan.maxTimestampMs() - active.firstTimestampMs()
        : plan.nowMs() - active.createdMs();
  }

  private static long jitterMs(Active active, LogConfig config) {
    return config.segmentJitterMs() <= 0
        ? 0
        : Math.floorMod(active.seed() * 0x9E3779B97F4A7C15L, config.segmentJitterMs());
  }
}
