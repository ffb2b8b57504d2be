package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;

/** Settings of who a node is and where its quorum is found. */
public final class IdentityKeys {
  public static final String NODE_ID = "node.id";
  public static final String BROKER_ID = "broker.id";
  public static final String PROCESS_ROLES = "process.roles";
  public static final String BROKER_RACK = "broker.rack";
  public static final String CONTROLLER_QUORUM_VOTERS = "controller.quorum.voters";
  public static final String CONTROLLER_QUORUM_BOOTSTRAP_SERVERS =
      "controller.quorum.bootstrap.servers";
  public static final String CONTROLLER_QUORUM_ELECTION_TIMEOUT_MS =
      "controller.quorum.election.timeout.ms";
  public static final String CONTROLLER_LISTENER_NAMES = "controller.listener.names";
  public static final String METADATA_LOG_DIR = "metadata.log.dir";
  public static final String BROKER_SESSION_TIMEOUT_MS = "broker.session.timeout.ms";
  public static final String BROKER_HEARTBEAT_INTERVAL_MS = "broker.heartbeat.interval.ms";
  public static final String CONTROLLER_QUORUM_AUTO_JOIN_ENABLE =
      "controller.quorum.auto.join.enable";
  public static final String INITIAL_BROKER_REGISTRATION_TIMEOUT_MS =
      "initial.broker.registration.timeout.ms";

  private IdentityKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "Node and quorum")
        .integer(
            NODE_ID,
            1,
            0,
            "This node's number, its own in the whole cluster. Its folders remember it.")
        .define(
            BROKER_ID,
            ConfigDef.Type.INT,
            null,
            null,
            "Kafka's older name of node.id; used where node.id is not set.")
        .list(
            PROCESS_ROLES,
            "broker,controller",
            "What this node does: broker (serves clients and holds hot replicas), gateway (serves"
                + " clients without replicas), controller (votes in the metadata quorum).")
        .text(
            BROKER_RACK,
            null,
            "Where the node stands. Replicas of a partition are spread over racks, and consumers"
                + " that name their rack can read nearby.")
        .list(
            CONTROLLER_QUORUM_VOTERS,
            "",
            "All voters of the metadata quorum as id@host:port, the same on every node. Empty means"
                + " this node alone: <node.id>@localhost:9093. They form the quorum; a voter that"
                + " starts without metadata.log.dir and finds that it exists asks it to be let in,"
                + " and afterwards the quorum itself knows its voters.")
        .flag(
            CONTROLLER_QUORUM_AUTO_JOIN_ENABLE,
            true,
            "Whether a voter that starts without metadata.log.dir and finds a quorum joins it by"
                + " itself. Otherwise it waits until bin/tidemark quorum add-voter adds it. Kafka's"
                + " default is false.")
        .list(
            CONTROLLER_LISTENER_NAMES,
            "",
            "Names of listeners where other nodes ask this node's controller; what they ask is"
                + " served nowhere else. Clients are not served there. The voters themselves talk"
                + " to each other where controller.quorum.voters says.")
        .list(
            CONTROLLER_QUORUM_BOOTSTRAP_SERVERS,
            "",
            "Controllers' listeners, as host:port, where a node finds the quorum's leader while it"
                + " does not know it otherwise. A node that is no voter needs at least one.")
        .integer(
            CONTROLLER_QUORUM_ELECTION_TIMEOUT_MS,
            400,
            50,
            "Milliseconds of the quorum leader's silence after which voters elect another; each"
                + " waits between that and its double. Kafka's default is 1,000. A voter that"
                + " cannot reach a majority of the others disturbs nobody.")
        .text(
            METADATA_LOG_DIR,
            null,
            "Folder of the metadata quorum's log. Not set means the folder quorum in the first of"
                + " log.dirs.")
        .integer(
            BROKER_SESSION_TIMEOUT_MS,
            9_000,
            1,
            "Milliseconds without a heartbeat after which the controller fences a node.")
        .integer(
            BROKER_HEARTBEAT_INTERVAL_MS,
            500,
            1,
            "Milliseconds between two heartbeats of a node to the controller.")
        .number(
            INITIAL_BROKER_REGISTRATION_TIMEOUT_MS,
            60_000,
            0,
            "Milliseconds a starting node waits while another life of it still counts as alive."
                + " After that there is a second node with its id, and the start fails.");
  }
}
