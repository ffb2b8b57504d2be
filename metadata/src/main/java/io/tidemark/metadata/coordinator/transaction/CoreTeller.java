package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.Turn;
import java.util.function.BiConsumer;

/** Brings news to the core of a partition, in a turn of its own; lost when there is none. */
@FunctionalInterface
interface CoreTeller {
  void tell(BiConsumer<TransactionCore, Turn> news);
}
