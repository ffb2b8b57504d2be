package io.tidemark.gateway.api;

import io.tidemark.log.validate.InvalidBatchException;
import io.tidemark.metadata.quorum.QuorumException;
import io.tidemark.tiering.store.ObjectStoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * What an exception is called on the wire; the only place that decides it. An operating error has
 * its own code, a bug is UNKNOWN_SERVER_ERROR and keeps its message to itself.
 */
public final class ProtocolErrors {
  private ProtocolErrors() {}

  public static Errors of(Throwable failure) {
    return switch (cause(failure)) {
      case InvalidBatchException e -> e.error();
      case ApiException e -> Errors.forException(e);
      case QuorumException.NotLeader _ -> Errors.NOT_CONTROLLER;
      case QuorumException.OutcomeUnknown _ -> Errors.REQUEST_TIMED_OUT;
      case QuorumException.Closed _ -> Errors.BROKER_NOT_AVAILABLE;
      case ObjectStoreException _ -> Errors.KAFKA_STORAGE_ERROR;
      case IOException _ -> Errors.KAFKA_STORAGE_ERROR;
      case UncheckedIOException _ -> Errors.KAFKA_STORAGE_ERROR;
      case TimeoutException _ -> Errors.REQUEST_TIMED_OUT;
      case RejectedExecutionException _ -> Errors.BROKER_NOT_AVAILABLE;
      case CancellationException _ -> Errors.BROKER_NOT_AVAILABLE;
      case Throwable _ -> Errors.UNKNOWN_SERVER_ERROR;
    };
  }

  /** Code and message, as responses that have room for a message carry it. */
  public static ApiError describe(Throwable failure) {
    Throwable cause = cause(failure);
    Errors error = of(cause);
    return isBug(error) ? new ApiError(error) : new ApiError(error, cause.getMessage());
  }

  /** As an exception that kafka-clients' own {@code getErrorResponse} understands. */
  public static ApiException asApiException(Throwable failure) {
    if (cause(failure) instanceof ApiException already) {
      return already;
    }
    ApiError described = describe(failure);
    return described.error().exception(described.message());
  }

  /** Whether nobody thought of this one: it is worth a stack trace in the log. */
  static boolean isBug(Errors error) {
    return error == Errors.UNKNOWN_SERVER_ERROR;
  }

  /** What failed, without what futures wrap around it. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
