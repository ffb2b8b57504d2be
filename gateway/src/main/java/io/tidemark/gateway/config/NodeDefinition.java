package io.tidemark.gateway.config;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/** Every setting of a node, and which of them may be changed while it runs. Immutable. */
final class NodeDefinition {
  private static final ConfigDef DEFINITION = define();

  /** What Kafka lets change while it runs and what is looked at again here. */
  private static final Set<String> DYNAMIC =
      Set.of(
          CleanerKeys.DELETE_RETENTION_MS,
          CleanerKeys.MAX_COMPACTION_LAG_MS,
          CleanerKeys.MIN_CLEANABLE_RATIO,
          CleanerKeys.MIN_COMPACTION_LAG_MS,
          LogKeys.MOVES_MAX_BYTES_PER_SECOND,
          NetworkKeys.MAX_CONNECTION_CREATION_RATE,
          NetworkKeys.MAX_CONNECTIONS,
          NetworkKeys.MAX_CONNECTIONS_PER_IP,
          NetworkKeys.MAX_CONNECTIONS_PER_IP_OVERRIDES,
          ReplicationKeys.CORDONED_LOG_DIRS,
          ReplicationKeys.FOLLOWER_REPLICATION_THROTTLED_RATE,
          ReplicationKeys.LEADER_REPLICATION_THROTTLED_RATE,
          TopicDefaultKeys.COMPRESSION_GZIP_LEVEL,
          TopicDefaultKeys.COMPRESSION_LZ4_LEVEL,
          TopicDefaultKeys.COMPRESSION_TYPE,
          TopicDefaultKeys.COMPRESSION_ZSTD_LEVEL,
          TopicDefaultKeys.LOG_CLEANUP_POLICY,
          TopicDefaultKeys.LOG_FLUSH_INTERVAL_MESSAGES,
          TopicDefaultKeys.LOG_FLUSH_INTERVAL_MS,
          TopicDefaultKeys.LOG_INDEX_INTERVAL_BYTES,
          TopicDefaultKeys.LOG_INDEX_SIZE_MAX_BYTES,
          TopicDefaultKeys.LOG_LOCAL_RETENTION_BYTES,
          TopicDefaultKeys.LOG_LOCAL_RETENTION_MS,
          TopicDefaultKeys.LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS,
          TopicDefaultKeys.LOG_MESSAGE_TIMESTAMP_BEFORE_MAX_MS,
          TopicDefaultKeys.LOG_MESSAGE_TIMESTAMP_TYPE,
          TopicDefaultKeys.LOG_REMOTE_COPY_LAG_BYTES,
          TopicDefaultKeys.LOG_REMOTE_COPY_LAG_MS,
          TopicDefaultKeys.LOG_RETENTION_BYTES,
          TopicDefaultKeys.LOG_RETENTION_MS,
          TopicDefaultKeys.LOG_ROLL_JITTER_MS,
          TopicDefaultKeys.LOG_ROLL_MS,
          TopicDefaultKeys.LOG_SEGMENT_BYTES,
          TopicDefaultKeys.LOG_SEGMENT_DELETE_DELAY_MS,
          TopicDefaultKeys.MAX_DECOMPRESSED_MESSAGE_BYTES,
          TopicDefaultKeys.MESSAGE_MAX_BYTES,
          TopicDefaultKeys.MIN_INSYNC_REPLICAS,
          TopicDefaultKeys.PRODUCE_VALIDATION,
          TopicDefaultKeys.UNCLEAN_LEADER_ELECTION_ENABLE);

  private NodeDefinition() {}

  private static ConfigDef define() {
    ConfigDef definition = new ConfigDef();
    IdentityKeys.define(definition);
    NetworkKeys.define(definition);
    TlsKeys.define(definition);
    SaslKeys.define(definition);
    TokenKeys.define(definition);
    AuthorisationKeys.define(definition);
    QuotaKeys.define(definition);
    ObservationKeys.define(definition);
    ConsoleKeys.define(definition);
    HttpKeys.define(definition);
    AuditKeys.define(definition);
    LogKeys.define(definition);
    TopicDefaultKeys.define(definition);
    CleanerKeys.define(definition);
    ReplicationKeys.define(definition);
    GroupKeys.define(definition);
    TransactionKeys.define(definition);
    TieringKeys.define(definition);
    return definition;
  }

  /** The definition of a key, be it a listener's own, or null when there is none. */
  static @Nullable ConfigKey key(String name) {
    ConfigKey key = DEFINITION.configKeys().get(name);
    return key == null ? ListenerKeys.key(name, DEFINITION.configKeys()) : key;
  }

  /** All definitions by name, but for those of listeners, whose names nobody knows before. */
  static Map<String, ConfigKey> keys() {
    return new TreeMap<>(DEFINITION.configKeys());
  }

  /** All definitions, section by section as the reference page has them. */
  static List<ConfigKey> inOrder() {
    List<String> groups = DEFINITION.groups();
    return DEFINITION.configKeys().values().stream()
        .sorted(
            Comparator.comparingInt((ConfigKey key) -> groups.indexOf(key.group))
                .thenComparingInt(key -> key.orderInGroup))
        .toList();
  }

  static boolean isDynamic(String name) {
    return DYNAMIC.contains(name) || ListenerKeys.isDynamic(name);
  }
}
