package io.tidemark.tiering.upload;

import io.tidemark.log.LogConfig;
import io.tidemark.tiering.retention.RetentionLimits;

/**
 * {@code remote.copy.lag.ms} and {@code remote.copy.lag.bytes}, resolved: 0 uploads at once, a
 * positive value waits for that age or for that many newer bytes, −1 means the check is not
 * applied.
 */
public record CopyLag(long lagMs, long lagBytes) {
  static final long NOT_APPLIED = -1;

  /** As configured; −1 there follows the effective local retention. */
  public static CopyLag of(LogConfig config) {
    RetentionLimits local = RetentionLimits.local(config);
    return new CopyLag(
        config.remoteCopyLagMs() == -1 ? local.retentionMs() : config.remoteCopyLagMs(),
        config.remoteCopyLagBytes() == -1 ? local.retentionBytes() : config.remoteCopyLagBytes());
  }

  boolean atOnce() {
    return lagMs == 0 || lagBytes == 0;
  }
}
