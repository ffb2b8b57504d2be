package io.tidemark.log.producer;

/** What must be so at the moment when a transactional batch or a marker takes its place. */
public sealed interface TransactionTerms {

  /** The batch goes on with a transaction that is open here. */
  record Continues() implements TransactionTerms {}

  /** The batch goes on with, or begins, the transaction that was verified. */
  record Begins(TransactionVerification verification) implements TransactionTerms {}

  /**
   * The marker ends a transaction.
   *
   * @param isEpochBumped it carries a greater epoch than the batches it ends (transactions version
   *     2): a transaction of its own epoch is a later one and stays
   */
  record Ends(boolean isEpochBumped) implements TransactionTerms {}
}
