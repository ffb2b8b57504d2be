package io.tidemark.gateway.config;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef.Validator;

/** Ranges that topics' settings and the node's defaults for them share. */
final class TopicValidators {
  static final String[] COMPRESSION_TYPES = {
    "producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"
  };

  private static final Set<String> POLICIES = Set.of("delete", "compact");

  static final Validator REPLICATION_FACTOR =
      SettingsSection.satisfying(
          value -> {
            long factor = ((Number) value).longValue();
            return factor == -1 || (factor >= 1 && factor <= Short.MAX_VALUE);
          },
          "-1 or at least 1");

  static final Validator GZIP_LEVEL =
      SettingsSection.satisfying(
          value -> {
            int level = (int) value;
            return level == -1 || (level >= 1 && level <= 9);
          },
          "-1 or from 1 to 9");

  static final Validator CLEANUP_POLICY =
      SettingsSection.satisfying(
          value -> POLICIES.containsAll((List<?>) value), "delete, compact, both or nothing");

  private TopicValidators() {}
}
