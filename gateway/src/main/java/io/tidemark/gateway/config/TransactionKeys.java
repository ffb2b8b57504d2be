package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;

/** Settings of transactions. */
public final class TransactionKeys {
  public static final String STATE_LOG_NUM_PARTITIONS = "transaction.state.log.num.partitions";
  public static final String STATE_LOG_REPLICATION_FACTOR =
      "transaction.state.log.replication.factor";
  public static final String STATE_LOG_MIN_ISR = "transaction.state.log.min.isr";
  public static final String STATE_LOG_SEGMENT_BYTES = "transaction.state.log.segment.bytes";
  public static final String MAX_TIMEOUT_MS = "transaction.max.timeout.ms";
  public static final String ID_EXPIRATION_MS = "transactional.id.expiration.ms";
  public static final String TIMEOUT_CHECK_INTERVAL_MS =
      "transaction.abort.timed.out.transaction.cleanup.interval.ms";
  public static final String EXPIRY_CHECK_INTERVAL_MS =
      "transaction.remove.expired.transaction.cleanup.interval.ms";
  public static final String PARTITION_VERIFICATION_ENABLE =
      "transaction.partition.verification.enable";
  public static final String ADD_PARTITIONS_RETRY_BACKOFF_MS =
      "add.partitions.to.txn.retry.backoff.ms";
  public static final String ADD_PARTITIONS_RETRY_BACKOFF_MAX_MS =
      "add.partitions.to.txn.retry.backoff.max.ms";

  private TransactionKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "Transactions")
        .integer(
            MAX_TIMEOUT_MS,
            900_000,
            1,
            "Longest time, in milliseconds, a producer may ask for its transactions; a longer one"
                + " is refused.")
        .integer(
            ID_EXPIRATION_MS,
            604_800_000,
            1,
            "Milliseconds after which a transactional id that nobody uses is forgotten; never while"
                + " its transaction is open.")
        .integer(
            TIMEOUT_CHECK_INTERVAL_MS,
            10_000,
            1,
            "Milliseconds between two looks for transactions that have taken too long, which are"
                + " aborted.")
        .integer(
            EXPIRY_CHECK_INTERVAL_MS,
            3_600_000,
            1,
            "Milliseconds between two looks for transactional ids that have expired.")
        .flag(
            PARTITION_VERIFICATION_ENABLE,
            true,
            "Whether a partition asks the transaction's coordinator before it takes the first batch"
                + " of an older client's transaction.")
        .integer(
            ADD_PARTITIONS_RETRY_BACKOFF_MS,
            20,
            1,
            "Milliseconds until a partition is added to a transaction again whose producer's"
                + " transaction before is still being ended.")
        .integer(
            ADD_PARTITIONS_RETRY_BACKOFF_MAX_MS,
            100,
            0,
            "Milliseconds after which the producer is told to try again itself.")
        .integer(
            STATE_LOG_NUM_PARTITIONS,
            50,
            1,
            "Partitions of the topic with transactional ids. Not to be changed once it exists.")
        .define(
            STATE_LOG_REPLICATION_FACTOR,
            ConfigDef.Type.SHORT,
            (short) -1,
            TopicValidators.REPLICATION_FACTOR,
            "Replicas of that topic when it is created; -1 means three, or as many as there are"
                + " nodes.")
        .integer(
            STATE_LOG_MIN_ISR,
            2,
            1,
            "Replicas that must be in sync for that topic to be written; no more than it has.")
        .integer(
            STATE_LOG_SEGMENT_BYTES,
            100 << 20,
            1 << 20,
            "Size, in bytes, at which a segment of that topic is closed.");
  }
}
