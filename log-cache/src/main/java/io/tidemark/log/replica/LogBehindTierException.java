package io.tidemark.log.replica;

import org.apache.kafka.common.TopicIdPartition;

/**
 * A replica may not lead: its log ends below what is in the bucket, and would write those offsets a
 * second time. The caller starts it again at the tiered offset, see {@link Replica#restartAt}, and
 * assigns it anew.
 */
public final class LogBehindTierException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long logEndOffset;
  private final long tieredOffset;

  LogBehindTierException(TopicIdPartition partition, long logEndOffset, long tieredOffset) {
    super(
        "%s ends at %d, below the tiered offset %d"
            .formatted(partition, logEndOffset, tieredOffset));
    this.logEndOffset = logEndOffset;
    this.tieredOffset = tieredOffset;
  }

  public long logEndOffset() {
    return logEndOffset;
  }

  public long tieredOffset() {
    return tieredOffset;
  }
}
