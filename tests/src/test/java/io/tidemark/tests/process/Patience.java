package io.tidemark.tests.process;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.awaitility.core.ConditionFactory;

/**
 * Waits for a cluster in which something ended a moment ago: its nodes elect, and learn of changes
 * one after the other. Only what Kafka's clients may try again is tried again; all else fails.
 */
final class Patience {
  private Patience() {}

  /** A wait that goes on after errors which Kafka's protocol calls retriable. */
  static ConditionFactory patiently() {
    return await()
        .atMost(CheckedTopic.PATIENCE)
        .ignoreExceptionsMatching(failure ->
            failure instanceof RetriableException
                || failure.getCause() instanceof RetriableException);
  }

  /** Asks until it is done, which has to be the same done twice as once. */
  static void untilDone(Callable<KafkaFuture<?>> change) {
    patiently()
        .until(() -> {
          change.call().get();
          return true;
        });
  }
}
