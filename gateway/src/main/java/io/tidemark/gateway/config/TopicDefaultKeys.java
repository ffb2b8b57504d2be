package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Range;

/** Settings that hold for topics which do not set their own. */
public final class TopicDefaultKeys {
  public static final String NUM_PARTITIONS = "num.partitions";
  public static final String DEFAULT_REPLICATION_FACTOR = "default.replication.factor";
  public static final String AUTO_CREATE_TOPICS_ENABLE = "auto.create.topics.enable";
  public static final String DELETE_TOPIC_ENABLE = "delete.topic.enable";
  public static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";
  public static final String UNCLEAN_LEADER_ELECTION_ENABLE = "unclean.leader.election.enable";
  public static final String LOG_CLEANUP_POLICY = "log.cleanup.policy";
  public static final String LOG_SEGMENT_BYTES = "log.segment.bytes";
  public static final String LOG_ROLL_MS = "log.roll.ms";
  public static final String LOG_ROLL_HOURS = "log.roll.hours";
  public static final String LOG_ROLL_JITTER_MS = "log.roll.jitter.ms";
  public static final String LOG_ROLL_JITTER_HOURS = "log.roll.jitter.hours";
  public static final String LOG_INDEX_SIZE_MAX_BYTES = "log.index.size.max.bytes";
  public static final String LOG_INDEX_INTERVAL_BYTES = "log.index.interval.bytes";
  public static final String LOG_RETENTION_MS = "log.retention.ms";
  public static final String LOG_RETENTION_MINUTES = "log.retention.minutes";
  public static final String LOG_RETENTION_HOURS = "log.retention.hours";
  public static final String LOG_RETENTION_BYTES = "log.retention.bytes";
  public static final String LOG_LOCAL_RETENTION_MS = "log.local.retention.ms";
  public static final String LOG_LOCAL_RETENTION_BYTES = "log.local.retention.bytes";
  public static final String LOG_REMOTE_COPY_LAG_MS = "log.remote.copy.lag.ms";
  public static final String LOG_REMOTE_COPY_LAG_BYTES = "log.remote.copy.lag.bytes";
  public static final String LOG_SEGMENT_DELETE_DELAY_MS = "log.segment.delete.delay.ms";
  public static final String LOG_FLUSH_INTERVAL_MESSAGES = "log.flush.interval.messages";
  public static final String LOG_FLUSH_INTERVAL_MS = "log.flush.interval.ms";
  public static final String MESSAGE_MAX_BYTES = "message.max.bytes";
  public static final String MAX_DECOMPRESSED_MESSAGE_BYTES = "max.decompressed.message.bytes";
  public static final String LOG_MESSAGE_TIMESTAMP_TYPE = "log.message.timestamp.type";
  public static final String LOG_MESSAGE_TIMESTAMP_BEFORE_MAX_MS =
      "log.message.timestamp.before.max.ms";
  public static final String LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS =
      "log.message.timestamp.after.max.ms";
  public static final String COMPRESSION_TYPE = "compression.type";
  public static final String COMPRESSION_GZIP_LEVEL = "compression.gzip.level";
  public static final String COMPRESSION_LZ4_LEVEL = "compression.lz4.level";
  public static final String COMPRESSION_ZSTD_LEVEL = "compression.zstd.level";
  public static final String PRODUCE_VALIDATION = "tidemark.produce.validation";

  private static final int MIB = 1 << 20;

  private TopicDefaultKeys() {}

  static void define(ConfigDef definition) {
    defineCreation(new SettingsSection(definition, "Topics"));
    defineSegments(new SettingsSection(definition, "Segments"));
    defineRetention(new SettingsSection(definition, "Retention"));
    defineRecords(new SettingsSection(definition, "Records"));
  }

  private static void defineCreation(SettingsSection section) {
    section
        .integer(NUM_PARTITIONS, 1, 1, "Partitions of a topic that is created without a number.")
        .define(
            DEFAULT_REPLICATION_FACTOR,
            ConfigDef.Type.INT,
            -1,
            TopicValidators.REPLICATION_FACTOR,
            "Replicas of a topic that is created without a number; -1 means three, or as many as"
                + " there are nodes.")
        .flag(
            AUTO_CREATE_TOPICS_ENABLE,
            true,
            "Whether a topic that a client asks for is created when the client allows it.")
        .flag(DELETE_TOPIC_ENABLE, true, "Whether topics may be deleted.")
        .integer(
            MIN_INSYNC_REPLICAS,
            1,
            1,
            "Replicas that must have a record before acks=all is answered; with fewer in sync such"
                + " records are refused.")
        .flag(
            UNCLEAN_LEADER_ELECTION_ENABLE,
            false,
            "Whether a replica that was not in sync may lead when no other is left, which can lose"
                + " the newest records.");
  }

  private static void defineSegments(SettingsSection section) {
    section
        .integer(LOG_SEGMENT_BYTES, 1 << 30, MIB, "Size, in bytes, at which a segment is closed.")
        .optionalNumber(
            LOG_ROLL_MS, 1, "Milliseconds after which a segment is closed, whatever its size.")
        .integer(LOG_ROLL_HOURS, 168, 1, "The same in hours; used where log.roll.ms is not set.")
        .optionalNumber(
            LOG_ROLL_JITTER_MS,
            0,
            "Milliseconds by which a segment may be closed earlier, at random, so that partitions"
                + " do not do it together.")
        .integer(
            LOG_ROLL_JITTER_HOURS,
            0,
            0,
            "The same in hours; used where log.roll.jitter.ms is not set.")
        .integer(
            LOG_INDEX_SIZE_MAX_BYTES,
            10 * MIB,
            4,
            "Size, in bytes, of an index at which its segment is closed.")
        .integer(LOG_INDEX_INTERVAL_BYTES, 4_096, 0, "Bytes of log between two index entries.")
        .number(
            LOG_SEGMENT_DELETE_DELAY_MS,
            60_000,
            0,
            "Milliseconds between taking a file out of a log and removing it from the disk.")
        .number(
            LOG_FLUSH_INTERVAL_MESSAGES,
            Long.MAX_VALUE,
            1,
            "Records after which a log is forced to disk. With 1, an acknowledgement waits for the"
                + " disk.")
        .optionalNumber(
            LOG_FLUSH_INTERVAL_MS,
            0,
            "Milliseconds after which records in memory are forced to disk; not set leaves it to"
                + " the operating system.");
  }

  private static void defineRetention(SettingsSection section) {
    section
        .define(
            LOG_CLEANUP_POLICY,
            ConfigDef.Type.LIST,
            "delete",
            TopicValidators.CLEANUP_POLICY,
            "What becomes of old records: delete drops whole segments, compact keeps the newest"
                + " record of each key, both do both; nothing keeps everything for ever.")
        .optionalNumber(
            LOG_RETENTION_MS,
            -1,
            "Milliseconds that records are kept, on disk and in the object store together; -1 means"
                + " for ever.")
        .define(
            LOG_RETENTION_MINUTES,
            ConfigDef.Type.INT,
            null,
            null,
            "The same in minutes; used where log.retention.ms is not set.")
        .define(
            LOG_RETENTION_HOURS,
            ConfigDef.Type.INT,
            168,
            null,
            "The same in hours; used where neither log.retention.ms nor log.retention.minutes is"
                + " set.")
        .number(
            LOG_RETENTION_BYTES,
            -1,
            -1,
            "Bytes kept of a partition, on disk and in the object store together; -1 sets no"
                + " limit.")
        .number(
            LOG_LOCAL_RETENTION_MS,
            3_600_000,
            -2,
            "Milliseconds that records which are in the object store stay on disk too; -1 means for"
                + " ever, -2 as long as retention.")
        .number(
            LOG_LOCAL_RETENTION_BYTES,
            -2,
            -2,
            "Bytes of a partition that stay on disk although they are in the object store; -1 sets"
                + " no limit, -2 means as many as retention.")
        .number(
            LOG_REMOTE_COPY_LAG_MS,
            0,
            -1,
            "Milliseconds that a closed segment may wait for its upload, counted from its newest"
                + " record; 0 uploads at once, -1 waits as long as local retention.")
        .number(
            LOG_REMOTE_COPY_LAG_BYTES,
            -1,
            -1,
            "Bytes of newer records after which a closed segment is uploaded whatever its age; 0"
                + " uploads at once, -1 waits for as many as local retention keeps.");
  }

  private static void defineRecords(SettingsSection section) {
    section
        .integer(MESSAGE_MAX_BYTES, MIB + 12, 0, "Largest batch of records accepted, in bytes.")
        .define(
            MAX_DECOMPRESSED_MESSAGE_BYTES,
            ConfigDef.Type.INT,
            100 * MIB,
            Range.between(1, Integer.MAX_VALUE - 8),
            "Largest size, in bytes, of a compressed batch's records once they are unpacked, where"
                + " they must be looked into.")
        .choice(
            LOG_MESSAGE_TIMESTAMP_TYPE,
            "CreateTime",
            "Whose clock dates a record: the producer's (CreateTime) or this node's"
                + " (LogAppendTime).",
            "CreateTime",
            "LogAppendTime")
        .number(
            LOG_MESSAGE_TIMESTAMP_BEFORE_MAX_MS,
            Long.MAX_VALUE,
            0,
            "Milliseconds that a producer's timestamp may lie in the past.")
        .number(
            LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS,
            3_600_000,
            0,
            "Milliseconds that a producer's timestamp may lie in the future.")
        .choice(
            COMPRESSION_TYPE,
            "producer",
            "How batches are stored: as the producer compressed them (producer), with a codec, or"
                + " uncompressed.",
            TopicValidators.COMPRESSION_TYPES)
        .define(
            COMPRESSION_GZIP_LEVEL,
            ConfigDef.Type.INT,
            -1,
            TopicValidators.GZIP_LEVEL,
            "Level of gzip, where compression.type is gzip; -1 is gzip's own default.")
        .define(
            COMPRESSION_LZ4_LEVEL,
            ConfigDef.Type.INT,
            9,
            Range.between(1, 17),
            "Level of lz4, where compression.type is lz4.")
        .define(
            COMPRESSION_ZSTD_LEVEL,
            ConfigDef.Type.INT,
            3,
            Range.between(-131_072, 22),
            "Level of zstd, where compression.type is zstd.")
        .choice(
            PRODUCE_VALIDATION,
            "full",
            "How far a produced batch is looked into: every record, in compressed batches too"
                + " (full, as Kafka does), or its header and checksum alone (header).",
            "full",
            "header");
  }
}
