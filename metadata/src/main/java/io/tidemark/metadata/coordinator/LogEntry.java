package io.tidemark.metadata.coordinator;

/** What a coordinator puts into its log. */
public sealed interface LogEntry permits CoordinatorRecord, TransactionEnd {

  /** Upper bound of what it adds to a batch. */
  int sizeBytes();
}
