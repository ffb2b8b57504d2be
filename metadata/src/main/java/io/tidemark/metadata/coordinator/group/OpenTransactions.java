package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/**
 * Asks the coordinator of a transaction, wherever it is, whether offsets may be committed in it.
 * Supplied by the wiring; safe from any thread, never blocks.
 */
@FunctionalInterface
public interface OpenTransactions {
  /**
   * Whether the transaction has this partition of __consumer_offsets.
   *
   * @param adds whether it is added where it is missing (transactions version 2)
   * @return NONE when it does; never fails
   */
  CompletableFuture<Errors> admit(
      String transactionalId, TransactionalProducer producer, int offsetsPartition, boolean adds);
}
