package io.tidemark.tiering.upload;

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
}
