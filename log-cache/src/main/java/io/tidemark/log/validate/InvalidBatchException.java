package io.tidemark.log.validate;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** Batches were refused; nothing was appended. Carries what the produce response says. */
public final class InvalidBatchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Errors error;
  private final transient List<RecordError> recordErrors;

  InvalidBatchException(Errors error, String message, List<RecordError> recordErrors) {
    super(message, null, false, false);
    this.error = error;
    this.recordErrors = List.copyOf(recordErrors);
  }

  InvalidBatchException(Errors error, String message) {
    this(error, message, List.of());
  }

  public Errors error() {
    return error;
  }

  public List<RecordError> recordErrors() {
    return recordErrors;
  }
}
