package io.tidemark.metadata.coordinator;

/**
 * The end of a producer's transaction on a partition: as a control batch in its log, and as the
 * wish to have one there.
 *
 * @param coordinatorEpoch of the transaction coordinator that ended it
 * @param isEpochBumped the epoch is greater than that of the records it ends (transactions version
 *     2); not written down
 */
public record TransactionEnd(
    TransactionalProducer producer, int coordinatorEpoch, boolean isCommit, boolean isEpochBumped)
    implements LogEntry {
  private static final int CONTROL_RECORD_BYTES = 32;

  @Override
  public int sizeBytes() {
    return CONTROL_RECORD_BYTES;
  }
}
