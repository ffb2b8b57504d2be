package io.tidemark.log.partition;

import org.apache.kafka.common.errors.ApiException;

/** Replicated batches do not continue the log: a gap, or offsets it has already. */
public final class UnexpectedOffsetException extends ApiException {
  private static final long serialVersionUID = 1;

  public UnexpectedOffsetException(String message) {
    super(message);
  }
}
