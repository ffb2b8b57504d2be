package io.tidemark.metadata.coordinator.transaction;

/**
 * The settings of the transaction coordinator, under Kafka's names and with Kafka's defaults.
 *
 * @param maxTimeoutMs {@code transaction.max.timeout.ms}: the longest a producer may ask for
 * @param idExpirationMs {@code transactional.id.expiration.ms}: how long an id without an open
 *     transaction is remembered
 * @param timeoutCheckIntervalMs {@code transaction.abort.timed.out.transaction.cleanup.interval.ms}
 * @param expiryCheckIntervalMs {@code transaction.remove.expired.transaction.cleanup.interval.ms}
 * @param commitTimeoutMs how long an answer waits for a commit
 */
public record TransactionConfig(
    int maxTimeoutMs,
    long idExpirationMs,
    long timeoutCheckIntervalMs,
    long expiryCheckIntervalMs,
    int commitTimeoutMs) {
  public static final TransactionConfig DEFAULTS =
      new TransactionConfig(900_000, 7L * 24 * 3_600_000, 10_000, 3_600_000, 5_000);
}
