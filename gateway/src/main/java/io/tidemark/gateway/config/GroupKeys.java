package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;

/** Settings of consumer groups and their offsets. */
public final class GroupKeys {
  public static final String GROUP_MIN_SESSION_TIMEOUT_MS = "group.min.session.timeout.ms";
  public static final String GROUP_MAX_SESSION_TIMEOUT_MS = "group.max.session.timeout.ms";
  public static final String GROUP_INITIAL_REBALANCE_DELAY_MS = "group.initial.rebalance.delay.ms";
  public static final String GROUP_MAX_SIZE = "group.max.size";
  public static final String OFFSET_METADATA_MAX_BYTES = "offset.metadata.max.bytes";
  public static final String OFFSETS_RETENTION_MINUTES = "offsets.retention.minutes";
  public static final String OFFSETS_RETENTION_CHECK_INTERVAL_MS =
      "offsets.retention.check.interval.ms";
  public static final String OFFSETS_TOPIC_NUM_PARTITIONS = "offsets.topic.num.partitions";
  public static final String OFFSETS_TOPIC_REPLICATION_FACTOR = "offsets.topic.replication.factor";
  public static final String OFFSETS_TOPIC_SEGMENT_BYTES = "offsets.topic.segment.bytes";

  private GroupKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "Consumer groups")
        .integer(
            GROUP_MIN_SESSION_TIMEOUT_MS,
            6_000,
            1,
            "Shortest session time-out, in milliseconds, a member may ask for.")
        .integer(
            GROUP_MAX_SESSION_TIMEOUT_MS,
            1_800_000,
            1,
            "Longest session time-out, in milliseconds, a member may ask for.")
        .integer(
            GROUP_INITIAL_REBALANCE_DELAY_MS,
            3_000,
            0,
            "Milliseconds an empty group waits for further members before its first assignment.")
        .integer(GROUP_MAX_SIZE, Integer.MAX_VALUE, 1, "Most members of a group.")
        .integer(
            OFFSET_METADATA_MAX_BYTES,
            4_096,
            0,
            "Largest text, in bytes, that may be stored with a committed offset.")
        .integer(
            OFFSETS_RETENTION_MINUTES,
            10_080,
            1,
            "Minutes that committed offsets are kept after their group became empty.")
        .number(
            OFFSETS_RETENTION_CHECK_INTERVAL_MS,
            600_000,
            1,
            "Milliseconds between two looks for committed offsets that have expired.")
        .integer(
            OFFSETS_TOPIC_NUM_PARTITIONS,
            50,
            1,
            "Partitions of the topic with groups and offsets. Not to be changed once it exists.")
        .define(
            OFFSETS_TOPIC_REPLICATION_FACTOR,
            ConfigDef.Type.SHORT,
            (short) -1,
            TopicValidators.REPLICATION_FACTOR,
            "Replicas of that topic when it is created; -1 means three, or as many as there are"
                + " nodes.")
        .integer(
            OFFSETS_TOPIC_SEGMENT_BYTES,
            100 << 20,
            1 << 20,
            "Size, in bytes, at which a segment of that topic is closed.");
  }
}
