package io.tidemark.metadata.coordinator.transaction;

import java.util.concurrent.CompletableFuture;

/** Gives out producer ids, each once in the life of the cluster. Safe from any thread. */
@FunctionalInterface
public interface ProducerIdSource {
  /** The next one; fails when none can be had at the moment. */
  CompletableFuture<Long> next();
}
