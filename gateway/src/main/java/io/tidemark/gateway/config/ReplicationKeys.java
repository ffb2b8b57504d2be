package io.tidemark.gateway.config;

import io.tidemark.metadata.controller.Cordon;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/** Settings of replicas. */
public final class ReplicationKeys {
  public static final String REPLICA_LAG_TIME_MAX_MS = "replica.lag.time.max.ms";
  public static final String NUM_REPLICA_FETCHERS = "num.replica.fetchers";
  public static final String REPLICA_FETCH_MAX_BYTES = "replica.fetch.max.bytes";
  public static final String REPLICA_FETCH_RESPONSE_MAX_BYTES = "replica.fetch.response.max.bytes";
  public static final String REPLICA_FETCH_MIN_BYTES = "replica.fetch.min.bytes";
  public static final String REPLICA_FETCH_WAIT_MAX_MS = "replica.fetch.wait.max.ms";
  public static final String REPLICA_FETCH_BACKOFF_MS = "replica.fetch.backoff.ms";
  public static final String REPLICA_SOCKET_TIMEOUT_MS = "replica.socket.timeout.ms";
  public static final String AUTO_LEADER_REBALANCE_ENABLE = "auto.leader.rebalance.enable";
  public static final String LEADER_IMBALANCE_CHECK_INTERVAL_SECONDS =
      "leader.imbalance.check.interval.seconds";
  public static final String LEADER_IMBALANCE_PER_BROKER_PERCENTAGE =
      "leader.imbalance.per.broker.percentage";
  public static final String CORDONED_LOG_DIRS = Cordon.CORDONED_LOG_DIRS;

  public static final String LEADER_REPLICATION_THROTTLED_RATE =
      "leader.replication.throttled.rate";
  public static final String FOLLOWER_REPLICATION_THROTTLED_RATE =
      "follower.replication.throttled.rate";

  /** Topics' settings. */
  public static final String LEADER_REPLICATION_THROTTLED_REPLICAS =
      "leader.replication.throttled.replicas";

  public static final String FOLLOWER_REPLICATION_THROTTLED_REPLICAS =
      "follower.replication.throttled.replicas";

  public static final String REPLICA_SELECTOR_CLASS = "replica.selector.class";

  static final String LEADER_SELECTOR = "org.apache.kafka.common.replica.LeaderSelector";
  static final String RACK_AWARE_SELECTOR =
      "org.apache.kafka.common.replica.RackAwareReplicaSelector";

  private ReplicationKeys() {}

  static void define(ConfigDef definition) {
    SettingsSection section = new SettingsSection(definition, "Replication");
    section.number(
        REPLICA_LAG_TIME_MAX_MS,
        30_000,
        1,
        "Milliseconds a follower may stay behind its leader before it counts as out of sync.");
    section.choice(
        REPLICA_SELECTOR_CLASS,
        LEADER_SELECTOR,
        "Which replica answers consumers that say where they are (client.rack): the leader, or one"
            + " in sync in the consumer's own rack. The names are Kafka's; no class is loaded.",
        LEADER_SELECTOR,
        RACK_AWARE_SELECTOR);
    defineFetches(section);
    defineThrottles(section);
    definePlaces(section);
  }

  private static void defineFetches(SettingsSection section) {
    section
        .integer(
            NUM_REPLICA_FETCHERS,
            1,
            1,
            "Connections over which this node fetches from each leader's node, each with a thread.")
        .integer(
            REPLICA_FETCH_MAX_BYTES,
            1 << 20,
            0,
            "Bytes asked for in one fetch of one partition; a larger batch comes all the same.")
        .integer(
            REPLICA_FETCH_RESPONSE_MAX_BYTES,
            10 << 20,
            0,
            "Bytes asked for in one fetch of all partitions; a larger batch comes all the same.")
        .integer(
            REPLICA_FETCH_MIN_BYTES,
            1,
            0,
            "Bytes a leader waits for before it answers a fetch of a follower.")
        .integer(
            REPLICA_FETCH_WAIT_MAX_MS,
            500,
            1,
            "Milliseconds it waits for them. Should be less than replica.lag.time.max.ms.")
        .integer(
            REPLICA_FETCH_BACKOFF_MS,
            1_000,
            1,
            "Milliseconds after which a partition that could not be fetched is tried again at the"
                + " latest; the first attempts come sooner.")
        .integer(
            REPLICA_SOCKET_TIMEOUT_MS,
            30_000,
            1,
            "Milliseconds without an answer after which a connection to a leader is given up, on"
                + " top of replica.fetch.wait.max.ms.");
  }

  private static void defineThrottles(SettingsSection section) {
    section
        .number(
            LEADER_REPLICATION_THROTTLED_RATE,
            Long.MAX_VALUE,
            0,
            "Bytes a second that this node sends, all together, to followers of the replicas that"
                + " leader.replication.throttled.replicas names. Who is in sync is not held back,"
                + " but counts.")
        .number(
            FOLLOWER_REPLICATION_THROTTLED_RATE,
            Long.MAX_VALUE,
            0,
            "Bytes a second that this node fetches, all together, of the replicas that"
                + " follower.replication.throttled.replicas names. Who is in sync is not held"
                + " back, but counts.");
  }

  private static void definePlaces(SettingsSection section) {
    section
        .flag(
            AUTO_LEADER_REBALANCE_ENABLE,
            true,
            "Whether leaderships go back by themselves to the first replica of their partitions"
                + " once that is in sync again.")
        .number(
            LEADER_IMBALANCE_CHECK_INTERVAL_SECONDS,
            300,
            1,
            "Seconds between two looks of the controller at who leads; no leadership goes back"
                + " oftener.")
        .integer(
            LEADER_IMBALANCE_PER_BROKER_PERCENTAGE,
            0,
            0,
            "How many percent of the partitions whose first replica a node has may be led by others"
                + " before leaderships go back to it. 0, as in Kafka 4: none.")
        .define(
            CORDONED_LOG_DIRS,
            ConfigDef.Type.LIST,
            "",
            SettingsSection.satisfying(ReplicationKeys::isCordon, "empty or *"),
            "* keeps new replicas away from the node; it keeps and serves those it has. To be set"
                + " while the node runs, for one node. Other than in Kafka single directories"
                + " cannot be named.");
  }

  private static boolean isCordon(Object value) {
    return value instanceof List<?> directories
        && (directories.isEmpty() || directories.equals(List.of(Cordon.ALL)));
  }
}
