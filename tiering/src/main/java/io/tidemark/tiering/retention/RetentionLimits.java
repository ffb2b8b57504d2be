package io.tidemark.tiering.retention;

import io.tidemark.log.LogConfig;

/** How long and how much is kept; −1 is without limit. */
public record RetentionLimits(long retentionMs, long retentionBytes) {
  static final long UNLIMITED = -1;

  /** Nothing ever expires. */
  public static final RetentionLimits NONE = new RetentionLimits(UNLIMITED, UNLIMITED);

  /**
   * What both tiers together keep. Without the cleanup policy {@code delete} nothing is dropped by
   * age or size.
   */
  public static RetentionLimits total(LogConfig config) {
    return config.delete()
        ? new RetentionLimits(config.retentionMs(), config.retentionBytes())
        : NONE;
  }

  /**
   * What the hot tier keeps of tiered data. −2 follows the total; where copying is disabled the
   * local limits do not count, as in Kafka.
   */
  public static RetentionLimits local(LogConfig config) {
    RetentionLimits total = total(config);
    if (config.remoteCopyDisable()) {
      return total;
    }
    return new RetentionLimits(
        config.localRetentionMs() == LogConfig.LIKE_RETENTION
            ? total.retentionMs
            : config.localRetentionMs(),
        config.localRetentionBytes() == LogConfig.LIKE_RETENTION
            ? total.retentionBytes
            : config.localRetentionBytes());
  }

  boolean expired(SegmentSpan segment, long nowMs) {
    return retentionMs != UNLIMITED && nowMs - segment.timeMs() > retentionMs;
  }

  /** Whether {@code totalBytes} without the segment is still all that has to be kept. */
  boolean superfluous(SegmentSpan segment, long totalBytes) {
    return retentionBytes != UNLIMITED && totalBytes - segment.sizeBytes() >= retentionBytes;
  }

  /** When the segment expires by age, wall clock; {@link Long#MAX_VALUE} for never. */
  public long expiresAtMs(SegmentSpan segment) {
    return retentionMs == UNLIMITED ? Long.MAX_VALUE : segment.timeMs() + retentionMs + 1;
  }

  boolean unlimited() {
    return retentionMs == UNLIMITED && retentionBytes == UNLIMITED;
  }
}
