package io.tidemark.gateway.cli;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;

/** Turns whatever a command threw into one line and an exit code. */
final class FailureReport {
  /** How the Java producer says that it waited for a topic or a partition in vain. */
  private static final String NOT_IN_METADATA = "not present in metadata";

  private FailureReport() {}

  static CommandFailure of(Throwable thrown) {
    Throwable cause = unwrap(thrown);
    return switch (cause) {
      case CommandFailure failure -> failure;
      case UnknownTopicOrPartitionException e ->
          CommandFailure.refused(
              text(e) + "; 'tidemark topic list' shows the topics there are" + named(e));
      case TimeoutException e when text(e).contains(NOT_IN_METADATA) ->
          CommandFailure.refused(text(e) + "; 'tidemark topic describe' shows what there is");
      case TimeoutException e -> CommandFailure.noConnection(unanswered(e));
      case DisconnectException e -> CommandFailure.noConnection(unanswered(e));
      case NetworkException e -> CommandFailure.noConnection(unanswered(e));
      case ApiException e -> CommandFailure.refused(text(e) + named(e));
      case IOException e -> CommandFailure.refused(kind(e) + text(e));
      default -> CommandFailure.refused(text(cause));
    };
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause.getClass() == org.apache.kafka.common.KafkaException.class
        && cause.getCause() != null) {
      return unwrap(cause.getCause());
    }
    return cause;
  }

  /** What the JDK throws often names a file and leaves the rest to the exception's class. */
  private static String kind(IOException e) {
    return e.getClass() == IOException.class ? "" : e.getClass().getSimpleName() + ": ";
  }

  private static String unanswered(Throwable e) {
    return "no answer from the node: " + text(e) + "; is it running, and is it the right address?";
  }

  private static String named(ApiException e) {
    Errors error = Errors.forException(e);
    return error == Errors.UNKNOWN_SERVER_ERROR ? "" : " (" + error.name() + ")";
  }

  private static String text(Throwable e) {
    String message = e.getMessage();
    String said = message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    String line = said.strip().replaceAll("\\s*\\R\\s*", " ");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
