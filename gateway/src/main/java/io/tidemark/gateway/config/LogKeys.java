package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;

/**
 * Settings of the log directories themselves; those a topic may override are {@link
 * TopicDefaultKeys}.
 */
public final class LogKeys {
  public static final String LOG_DIRS = "log.dirs";
  public static final String LOG_DIR = "log.dir";
  public static final String RECOVERY_THREADS = "num.recovery.threads.per.data.dir";
  public static final String OFFSET_CHECKPOINT_INTERVAL_MS =
      "log.flush.offset.checkpoint.interval.ms";
  public static final String RETENTION_CHECK_INTERVAL_MS = "log.retention.check.interval.ms";
  public static final String MIN_FREE_BYTES = "tidemark.log.dir.min.free.bytes";
  public static final String STALL_MS = "tidemark.log.dir.stall.ms";
  public static final String TAIL_CACHE_BYTES = "tidemark.log.tail.cache.bytes";
  public static final String INDEX_CACHE_BYTES = "tidemark.log.index.cache.bytes";
  public static final String MAX_OPEN_FILES = "tidemark.log.max.open.files";
  public static final String SCRUB_ENABLE = "tidemark.log.scrub.enable";
  public static final String SCRUB_INTERVAL_MS = "tidemark.log.scrub.interval.ms";
  public static final String SCRUB_MAX_BYTES_PER_SECOND = "tidemark.log.scrub.max.bytes.per.second";
  public static final String MOVES_MAX_BYTES_PER_SECOND =
      "replica.alter.log.dirs.io.max.bytes.per.second";
  public static final String MAX_PRODUCERS = "tidemark.log.max.producers";
  public static final String PRODUCER_ID_EXPIRATION_MS = "producer.id.expiration.ms";

  private static final int MIB = 1 << 20;

  private LogKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "Log directories")
        .list(
            LOG_DIRS,
            "./tidemark-data",
            "Folders of the hot logs, best one for each disk. They are prepared at the first"
                + " start.")
        .text(LOG_DIR, null, "Kafka's name for a single log.dirs; used where log.dirs is not set.")
        .integer(
            RECOVERY_THREADS,
            2,
            1,
            "Threads for each log directory that check logs after a crash and do its bulk work.")
        .integer(
            OFFSET_CHECKPOINT_INTERVAL_MS,
            60_000,
            0,
            "Milliseconds between two notes of how far each log is on disk, where recovery begins.")
        .number(
            RETENTION_CHECK_INTERVAL_MS,
            300_000,
            1,
            "Milliseconds between two looks for segments that retention no longer keeps, on disk"
                + " and in the object store.")
        .number(
            MIN_FREE_BYTES,
            512L * MIB,
            0,
            "Free bytes below which a log directory takes no more records, until there is room"
                + " again. Reading, uploading and deleting go on.")
        .number(
            STALL_MS,
            5_000,
            1,
            "Milliseconds after which a write that has not returned marks its log directory as"
                + " stalled.")
        .number(
            TAIL_CACHE_BYTES,
            64L * MIB,
            0,
            "Memory, in bytes, that keeps the newest batches for consumers at the end of the log.")
        .number(
            INDEX_CACHE_BYTES, 64L * MIB, MIB, "Memory, in bytes, for indexes of closed segments.")
        .integer(MAX_OPEN_FILES, 1_024, 16, "Files of closed segments kept open while unused.")
        .flag(
            SCRUB_ENABLE,
            true,
            "Whether closed segments on disk are read again from time to time to see whether they"
                + " are whole.")
        .number(
            SCRUB_INTERVAL_MS,
            86_400_000,
            1_000,
            "Milliseconds between the beginnings of two such readings of all segments.")
        .number(
            SCRUB_MAX_BYTES_PER_SECOND,
            10L * MIB,
            1,
            "Bytes read for that a second at most, on all disks together.")
        .number(
            MOVES_MAX_BYTES_PER_SECOND,
            Long.MAX_VALUE,
            1,
            "Bytes a second that are copied, all together, of replicas that move from one log"
                + " directory of this node to another.")
        .define(
            PRODUCER_ID_EXPIRATION_MS,
            ConfigDef.Type.INT,
            86_400_000,
            ConfigDef.Range.atLeast(1),
            "Milliseconds after which the last batches of an idle idempotent producer are"
                + " forgotten.")
        .define(
            MAX_PRODUCERS,
            ConfigDef.Type.INT,
            1_000_000,
            ConfigDef.Range.atLeast(1),
            "Idempotent producers remembered over all partitions, each with some 300 bytes of the"
                + " heap. Past it, partitions with more than their share forget those that wrote"
                + " longest ago, so that a batch they send twice may be stored twice.");
  }
}
