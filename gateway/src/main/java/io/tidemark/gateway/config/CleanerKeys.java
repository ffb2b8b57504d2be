package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Range;

/** Settings of the cleaner of compacted logs, and what holds for topics that set none. */
public final class CleanerKeys {
  public static final String ENABLE = "log.cleaner.enable";
  public static final String THREADS = "log.cleaner.threads";
  public static final String DEDUPE_BUFFER_SIZE = "log.cleaner.dedupe.buffer.size";
  public static final String IO_BUFFER_LOAD_FACTOR = "log.cleaner.io.buffer.load.factor";
  public static final String IO_MAX_BYTES_PER_SECOND = "log.cleaner.io.max.bytes.per.second";
  public static final String BACKOFF_MS = "log.cleaner.backoff.ms";
  public static final String MIN_CLEANABLE_RATIO = "log.cleaner.min.cleanable.ratio";
  public static final String MIN_COMPACTION_LAG_MS = "log.cleaner.min.compaction.lag.ms";
  public static final String MAX_COMPACTION_LAG_MS = "log.cleaner.max.compaction.lag.ms";
  public static final String DELETE_RETENTION_MS = "log.cleaner.delete.retention.ms";

  private static final long MIB = 1 << 20;

  private CleanerKeys() {}

  static void define(ConfigDef definition) {
    SettingsSection section = new SettingsSection(definition, "Compaction");
    defineCleaner(section);
    defineTopicDefaults(section);
  }

  private static void defineCleaner(SettingsSection section) {
    section
        .flag(
            ENABLE,
            true,
            "Whether compacted logs are cleaned. Without it they grow for ever, the topic of"
                + " committed offsets too.")
        .integer(THREADS, 1, 1, "Logs that are cleaned at the same time.")
        .number(
            DEDUPE_BUFFER_SIZE,
            128 * MIB,
            MIB,
            "Memory, in bytes, for the keys of logs being cleaned, shared by log.cleaner.threads,"
                + " 24 bytes a key. It is taken while a log is cleaned and only as far as needed;"
                + " a log with more keys takes several passes.")
        .define(
            IO_BUFFER_LOAD_FACTOR,
            ConfigDef.Type.DOUBLE,
            0.9,
            Range.between(0.0001, 0.95),
            "How full that memory may become: fuller means fewer passes and slower ones.")
        .define(
            IO_MAX_BYTES_PER_SECOND,
            ConfigDef.Type.DOUBLE,
            Double.MAX_VALUE,
            Range.atLeast(1),
            "Bytes that cleaning reads and writes a second at most, on all disks together.")
        .number(
            BACKOFF_MS,
            15_000,
            0,
            "Milliseconds between two looks for logs to be cleaned when there were none.");
  }

  private static void defineTopicDefaults(SettingsSection section) {
    section
        .define(
            MIN_CLEANABLE_RATIO,
            ConfigDef.Type.DOUBLE,
            0.5,
            Range.between(0, 1),
            "Share of a compacted log's bytes that must be uncleaned before it is cleaned.")
        .number(
            MIN_COMPACTION_LAG_MS,
            0,
            0,
            "Milliseconds that every record of a compacted log stays, newer ones of its key or"
                + " not.")
        .number(
            MAX_COMPACTION_LAG_MS,
            Long.MAX_VALUE,
            1,
            "Milliseconds after which a compacted log is cleaned whatever its share of uncleaned"
                + " bytes.")
        .number(
            DELETE_RETENTION_MS,
            86_400_000,
            0,
            "Milliseconds that a compacted log keeps the mark of a deleted key once it was"
                + " cleaned.");
  }
}
