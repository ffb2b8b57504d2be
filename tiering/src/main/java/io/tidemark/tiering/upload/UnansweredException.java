package io.tidemark.tiering.upload;

import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The quorum, a partition's queue or a disk did not answer in time or answered with a failure,
 * which is the cause. What was asked for may have happened all the same; asking again resolves
 * that.
 */
public final class UnansweredException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnansweredException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Whether it was an answer after all, and a final one: the topic is deleted, or another leads the
   * partition. Asking again would change nothing.
   */
  public boolean isRefusal() {
    return getCause() instanceof UnknownTopicIdException
        || getCause() instanceof UnknownTopicOrPartitionException
        || getCause() instanceof FencedLeaderEpochException;
  }
}
