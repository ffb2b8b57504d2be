package io.tidemark.gateway.config;

import static org.apache.kafka.common.config.TopicConfig.*;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of a topic, and the node settings that hold where the topic has none. A setting
 * with such synonyms takes type, range and documentation from the first of them unless it says its
 * own. Immutable.
 */
final class TopicDefinition {
  static final String PRODUCE_VALIDATION_CONFIG = TopicDefaultKeys.PRODUCE_VALIDATION;

  private static final ConfigDef DEFINITION = new ConfigDef();
  private static final Map<String, List<NodeSynonym>> SYNONYMS = new LinkedHashMap<>();

  static {
    SettingsSection section = new SettingsSection(DEFINITION, "Topics");
    defineInherited(section);
    defineTiering(section);
    defineCompaction(section);
    defineThrottles(section);
  }

  private TopicDefinition() {}

  private static void defineInherited(SettingsSection section) {
    inherit(section, CLEANUP_POLICY_CONFIG, TopicDefaultKeys.LOG_CLEANUP_POLICY);
    inherit(section, COMPRESSION_TYPE_CONFIG, TopicDefaultKeys.COMPRESSION_TYPE);
    inherit(section, COMPRESSION_GZIP_LEVEL_CONFIG, TopicDefaultKeys.COMPRESSION_GZIP_LEVEL);
    inherit(section, COMPRESSION_LZ4_LEVEL_CONFIG, TopicDefaultKeys.COMPRESSION_LZ4_LEVEL);
    inherit(section, COMPRESSION_ZSTD_LEVEL_CONFIG, TopicDefaultKeys.COMPRESSION_ZSTD_LEVEL);
    inherit(section, FILE_DELETE_DELAY_MS_CONFIG, TopicDefaultKeys.LOG_SEGMENT_DELETE_DELAY_MS);
    inherit(section, FLUSH_MESSAGES_INTERVAL_CONFIG, TopicDefaultKeys.LOG_FLUSH_INTERVAL_MESSAGES);
    inherit(section, FLUSH_MS_CONFIG, TopicDefaultKeys.LOG_FLUSH_INTERVAL_MS);
    inherit(section, INDEX_INTERVAL_BYTES_CONFIG, TopicDefaultKeys.LOG_INDEX_INTERVAL_BYTES);
    inherit(section, LOCAL_LOG_RETENTION_BYTES_CONFIG, TopicDefaultKeys.LOG_LOCAL_RETENTION_BYTES);
    inherit(section, LOCAL_LOG_RETENTION_MS_CONFIG, TopicDefaultKeys.LOG_LOCAL_RETENTION_MS);
    inherit(
        section,
        MAX_DECOMPRESSED_MESSAGE_BYTES_CONFIG,
        TopicDefaultKeys.MAX_DECOMPRESSED_MESSAGE_BYTES);
    inherit(section, MAX_MESSAGE_BYTES_CONFIG, TopicDefaultKeys.MESSAGE_MAX_BYTES);
    inherit(
        section,
        MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
        TopicDefaultKeys.LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS);
    inherit(
        section,
        MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
        TopicDefaultKeys.LOG_MESSAGE_TIMESTAMP_BEFORE_MAX_MS);
    inherit(section, MESSAGE_TIMESTAMP_TYPE_CONFIG, TopicDefaultKeys.LOG_MESSAGE_TIMESTAMP_TYPE);
    inherit(section, MIN_IN_SYNC_REPLICAS_CONFIG, TopicDefaultKeys.MIN_INSYNC_REPLICAS);
    inherit(section, REMOTE_COPY_LAG_BYTES_CONFIG, TopicDefaultKeys.LOG_REMOTE_COPY_LAG_BYTES);
    inherit(section, REMOTE_COPY_LAG_MS_CONFIG, TopicDefaultKeys.LOG_REMOTE_COPY_LAG_MS);
    inherit(section, RETENTION_BYTES_CONFIG, TopicDefaultKeys.LOG_RETENTION_BYTES);
    inherit(
        section,
        RETENTION_MS_CONFIG,
        NodeSynonym.same(TopicDefaultKeys.LOG_RETENTION_MS),
        NodeSynonym.minutes(TopicDefaultKeys.LOG_RETENTION_MINUTES),
        NodeSynonym.hours(TopicDefaultKeys.LOG_RETENTION_HOURS));
    inherit(section, SEGMENT_BYTES_CONFIG, TopicDefaultKeys.LOG_SEGMENT_BYTES);
    inherit(section, SEGMENT_INDEX_BYTES_CONFIG, TopicDefaultKeys.LOG_INDEX_SIZE_MAX_BYTES);
    inherit(
        section,
        SEGMENT_JITTER_MS_CONFIG,
        NodeSynonym.same(TopicDefaultKeys.LOG_ROLL_JITTER_MS),
        NodeSynonym.hours(TopicDefaultKeys.LOG_ROLL_JITTER_HOURS));
    inherit(
        section,
        SEGMENT_MS_CONFIG,
        NodeSynonym.same(TopicDefaultKeys.LOG_ROLL_MS),
        NodeSynonym.hours(TopicDefaultKeys.LOG_ROLL_HOURS));
    inherit(section, PRODUCE_VALIDATION_CONFIG, TopicDefaultKeys.PRODUCE_VALIDATION);
    inherit(
        section,
        UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
        TopicDefaultKeys.UNCLEAN_LEADER_ELECTION_ENABLE);
  }

  private static void defineTiering(SettingsSection section) {
    section
        .flag(
            REMOTE_LOG_STORAGE_ENABLE_CONFIG,
            false,
            "Whether the topic's closed segments go to the object store. On by default where"
                + " tiering.store is set.")
        .flag(
            REMOTE_LOG_COPY_DISABLE_CONFIG,
            false,
            "Whether uploads have stopped for good; what is in the store stays readable until"
                + " retention ends it.")
        .flag(
            REMOTE_LOG_DELETE_ON_DISABLE_CONFIG,
            false,
            "Whether switching remote.storage.enable off deletes what is in the store.");
  }

  private static void defineCompaction(SettingsSection section) {
    inherit(section, DELETE_RETENTION_MS_CONFIG, CleanerKeys.DELETE_RETENTION_MS);
    inherit(section, MIN_COMPACTION_LAG_MS_CONFIG, CleanerKeys.MIN_COMPACTION_LAG_MS);
    inherit(section, MAX_COMPACTION_LAG_MS_CONFIG, CleanerKeys.MAX_COMPACTION_LAG_MS);
    inherit(section, MIN_CLEANABLE_DIRTY_RATIO_CONFIG, CleanerKeys.MIN_CLEANABLE_RATIO);
    section.flag(
        PREALLOCATE_CONFIG,
        false,
        "Whether Kafka would reserve a segment's file at once. Files grow here as they are"
            + " written.");
  }

  private static void defineThrottles(SettingsSection section) {
    throttled(
        section, ReplicationKeys.LEADER_REPLICATION_THROTTLED_REPLICAS, "leader", "sent by them");
    throttled(
        section,
        ReplicationKeys.FOLLOWER_REPLICATION_THROTTLED_REPLICAS,
        "follower",
        "fetched by them");
  }

  private static void throttled(
      SettingsSection section, String key, String side, String direction) {
    section.define(
        key,
        ConfigDef.Type.LIST,
        "",
        SettingsSection.satisfying(
            ThrottledList::isWellFormed, "* or partition:node, separated by commas"),
        "Replicas as partition:node, or * for all: what is %s counts for %s.replication.throttled.rate of the node."
            .formatted(direction, side));
  }

  private static void inherit(SettingsSection section, String key, String nodeKey) {
    inherit(section, key, NodeSynonym.same(nodeKey));
  }

  private static void inherit(SettingsSection section, String key, NodeSynonym... synonyms) {
    ConfigKey node = NodeDefinition.key(synonyms[0].key());
    if (node == null) {
      throw new IllegalStateException(synonyms[0].key() + " is not defined");
    }
    section.define(key, node.type, node.defaultValue, node.validator, node.documentation);
    SYNONYMS.put(key, List.of(synonyms));
  }

  static @Nullable ConfigKey key(String name) {
    return DEFINITION.configKeys().get(name);
  }

  /** All definitions by name. */
  static Map<String, ConfigKey> keys() {
    return new TreeMap<>(DEFINITION.configKeys());
  }

  /** The node settings that stand in for a topic's, the first that is set. */
  static List<NodeSynonym> synonyms(String name) {
    return SYNONYMS.getOrDefault(name, List.of());
  }
}
