package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;

/** Settings of replicas. */
public final class ReplicationKeys {
  public static final String REPLICA_LAG_TIME_MAX_MS = "replica.lag.time.max.ms";

  private ReplicationKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "Replication")
        .number(
            REPLICA_LAG_TIME_MAX_MS,
            30_000,
            1,
            "Milliseconds a follower may stay behind its leader before it counts as out of sync.");
  }
}
