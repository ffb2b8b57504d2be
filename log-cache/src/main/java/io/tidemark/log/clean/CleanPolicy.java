package io.tidemark.log.clean;

import io.tidemark.log.LogConfig;
import java.util.List;
import java.util.OptionalLong;

/**
 * Decides how dirty a log is and whether it has to be cleaned, as Kafka does: when the share of
 * dirty bytes is above {@code min.cleanable.dirty.ratio}, or when its oldest dirty record has
 * waited for {@code max.compaction.lag.ms}. Pure.
 */
final class CleanPolicy {
  private CleanPolicy() {}

  /** What counts of a closed segment. */
  record Span(long baseOffset, long nextOffset, long sizeBytes, long maxTimestampMs) {}

  /** The dirty part of a log that may be cleaned now: whole segments behind what is clean. */
  static Cleanable cleanable(
      List<Span> closed, long cleanedTo, long stableOffset, LogConfig config, long nowMs) {
    long start = closed.isEmpty() ? cleanedTo : Math.max(cleanedTo, closed.getFirst().baseOffset());
    long end = start;
    long cleanBytes = 0;
    long dirtyBytes = 0;
    for (Span span : closed) {
      if (span.nextOffset() <= start) {
        cleanBytes += span.sizeBytes();
      } else if (span.nextOffset() > stableOffset || isTooYoung(span, config, nowMs)) {
        break;
      } else {
        dirtyBytes += span.sizeBytes();
        end = span.nextOffset();
      }
    }
    return new Cleanable(start, end, cleanBytes, dirtyBytes);
  }

  private static boolean isTooYoung(Span span, LogConfig config, long nowMs) {
    return config.minCompactionLagMs() > 0
        && span.maxTimestampMs() > nowMs - config.minCompactionLagMs();
  }

  /**
   * Whether to clean.
   *
   * @param oldestMs the time of the oldest record that may be cleaned and is not; empty where it
   *     has none
   */
  static boolean isDue(Cleanable cleanable, LogConfig config, OptionalLong oldestMs, long nowMs) {
    return cleanable.dirtyBytes() > 0
        && (cleanable.dirtyRatio() > config.minCleanableDirtyRatio()
            || isOverdue(config, oldestMs, nowMs));
  }

  /** Whether the oldest dirty record has waited too long, so that it comes before all others. */
  static boolean isOverdue(LogConfig config, OptionalLong oldestMs, long nowMs) {
    return oldestMs.isPresent() && nowMs - oldestMs.getAsLong() > config.maxCompactionLagMs();
  }
}
