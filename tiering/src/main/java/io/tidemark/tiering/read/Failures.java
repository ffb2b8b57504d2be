package io.tidemark.tiering.read;

import io.tidemark.tiering.store.ObjectStoreException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;

/** What goes wrong, as a Kafka client may hear of it. */
final class Failures {
  private Failures() {}

  /** The cause behind what futures wrap around it. */
  static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Errors of the protocol stay what they are; all else is a failure of storage. */
  static ApiException typed(TopicIdPartition partition, Throwable thrown) {
    Throwable cause = unwrapped(thrown);
    if (cause instanceof ApiException e) {
      return e;
    }
    return new KafkaStorageException(
        "Remote read of %s failed: %s".formatted(partition.topicPartition(), cause.getMessage()),
        cause);
  }

  static boolean isNotFound(Throwable thrown) {
    return unwrapped(thrown) instanceof ObjectStoreException e
        && e.kind() == ObjectStoreException.Kind.NOT_FOUND;
  }
}
