package io.tidemark.log.validate;

import io.tidemark.log.LogConfig;
import io.tidemark.log.record.RecordBatchHeader;

/** How far a producer's timestamps may be from the node's clock. */
final class Timestamps {
  private Timestamps() {}

  /** A record without a timestamp is always in range. */
  static boolean areInRange(long timestampMs, LogConfig config, long nowMs) {
    if (timestampMs == RecordBatchHeader.NO_TIMESTAMP) {
      return true;
    }
    long behindMs = nowMs - timestampMs;
    return behindMs <= config.timestampBeforeMaxMs() && -behindMs <= config.timestampAfterMaxMs();
  }

  static String outOfRange(long timestampMs, LogConfig config, long nowMs) {
    return "Timestamp %d of message is out of range. The timestamp should be within [%d, %d]"
        .formatted(
            timestampMs,
            nowMs - Math.min(nowMs, config.timestampBeforeMaxMs()),
            nowMs + Math.min(Long.MAX_VALUE - nowMs, config.timestampAfterMaxMs()));
  }
}
