package io.tidemark.log.producer;

/** What an append does to the transactions of a log. */
sealed interface TransactionStep {
  /** A producer's transaction has its first record here. */
  record Begun(long producerId, long firstOffset) implements TransactionStep {}

  /** A marker at {@code markerOffset} ended a transaction that had records. */
  record Ended(long producerId, long firstOffset, long markerOffset, boolean isCommit)
      implements TransactionStep {}
}
