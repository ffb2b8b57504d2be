package io.tidemark.metadata.controller;

/**
 * What a controller is told by the node's configuration.
 *
 * @param defaultPartitions {@code num.partitions}
 * @param defaultReplicationFactor {@code default.replication.factor}; −1 means min(3, nodes)
 * @param minInsyncReplicas where neither topic nor cluster overrides it
 * @param uncleanLeaderElection where neither topic nor cluster overrides it
 * @param sessionTimeoutMs {@code broker.session.timeout.ms}: silence after which a node is fenced
 * @param leaderBalance when leaderships go back to the first replicas
 * @param maxPartitionsPerTopic most partitions a topic may have
 * @param maxPartitionsPerRequest most partitions a request may create; by default as many as in
 *     Kafka
 * @param maxQueued most calls waiting to be decided; further ones fail with a retriable error
 */
public record ControllerSettings(
    int defaultPartitions,
    short defaultReplicationFactor,
    int minInsyncReplicas,
    boolean uncleanLeaderElection,
    long sessionTimeoutMs,
    LeaderBalanceSettings leaderBalance,
    int maxPartitionsPerTopic,
    int maxPartitionsPerRequest,
    int maxQueued) {

  public static final ControllerSettings DEFAULTS =
      new ControllerSettings(
          1, (short) -1, 1, false, 9_000, LeaderBalanceSettings.DEFAULTS, 100_000, 10_000, 10_000);
}
