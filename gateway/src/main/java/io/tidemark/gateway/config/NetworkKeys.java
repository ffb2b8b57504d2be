package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;

/** Settings of listeners and connections. */
public final class NetworkKeys {
  public static final String LISTENERS = "listeners";
  public static final String ADVERTISED_LISTENERS = "advertised.listeners";
  public static final String LISTENER_SECURITY_PROTOCOL_MAP = "listener.security.protocol.map";
  public static final String INTER_BROKER_LISTENER_NAME = "inter.broker.listener.name";
  public static final String SECURITY_INTER_BROKER_PROTOCOL = "security.inter.broker.protocol";
  public static final String NUM_NETWORK_THREADS = "num.network.threads";
  public static final String SOCKET_REQUEST_MAX_BYTES = "socket.request.max.bytes";
  public static final String QUEUED_MAX_REQUEST_BYTES = "queued.max.request.bytes";
  public static final String SOCKET_LISTEN_BACKLOG_SIZE = "socket.listen.backlog.size";
  public static final String SOCKET_SEND_BUFFER_BYTES = "socket.send.buffer.bytes";
  public static final String SOCKET_RECEIVE_BUFFER_BYTES = "socket.receive.buffer.bytes";
  public static final String CONNECTIONS_MAX_IDLE_MS = "connections.max.idle.ms";
  public static final String MAX_CONNECTION_CREATION_RATE = "max.connection.creation.rate";
  public static final String MAX_CONNECTIONS = "max.connections";
  public static final String MAX_CONNECTIONS_PER_IP = "max.connections.per.ip";
  public static final String MAX_CONNECTIONS_PER_IP_OVERRIDES = "max.connections.per.ip.overrides";
  public static final String REQUEST_RECEIVE_TIMEOUT_MS = "tidemark.request.receive.timeout.ms";
  public static final String RESPONSE_WRITE_TIMEOUT_MS = "tidemark.response.write.timeout.ms";
  public static final String FETCH_MAX_BYTES = "fetch.max.bytes";
  public static final String FETCH_SESSION_SLOTS = "max.incremental.fetch.session.cache.slots";
  public static final String REQUEST_PARTITION_LIMIT = "max.request.partition.size.limit";

  private NetworkKeys() {}

  static void define(ConfigDef definition) {
    defineListeners(new SettingsSection(definition, "Listeners"));
    defineConnections(new SettingsSection(definition, "Connections and requests"));
  }

  private static void defineListeners(SettingsSection section) {
    section
        .list(
            LISTENERS,
            "PLAINTEXT://localhost:9092",
            "Where clients and other nodes connect, as NAME://host:port. An empty host means every"
                + " interface, port 0 any free port.")
        .list(
            ADVERTISED_LISTENERS,
            "",
            "Addresses told to clients where they differ from those of listeners, as behind a"
                + " translation of addresses. Empty means the same.")
        .text(
            LISTENER_SECURITY_PROTOCOL_MAP,
            "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL",
            "The protocol of each listener name, as NAME:PROTOCOL: PLAINTEXT, SSL, SASL_PLAINTEXT"
                + " or SASL_SSL. A listener that is called like a protocol speaks it.")
        .text(
            INTER_BROKER_LISTENER_NAME,
            null,
            "Name of the listener that other nodes use and that alone serves their requests. Not"
                + " set means the one that is called like security.inter.broker.protocol where that"
                + " is set, else the first of listeners.")
        .text(
            SECURITY_INTER_BROKER_PROTOCOL,
            null,
            "Name of the listener that other nodes use, where it is called like its protocol:"
                + " PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL. Set this or"
                + " inter.broker.listener.name, not both.");
  }

  private static void defineConnections(SettingsSection section) {
    section
        .integer(
            NUM_NETWORK_THREADS,
            0,
            0,
            "Event loops that serve connections and their requests; 0 means one for each core.")
        .integer(
            SOCKET_REQUEST_MAX_BYTES,
            100 << 20,
            1,
            "Largest request, in bytes. A connection that announces a larger one is closed.")
        .define(
            QUEUED_MAX_REQUEST_BYTES,
            ConfigDef.Type.LONG,
            -1L,
            SettingsSection.satisfying(
                value -> (long) value == -1 || (long) value >= 1 << 20, "-1 or at least 1 MiB"),
            "Memory, in bytes, for all requests of the node that are arriving or being worked on."
                + " When it is used up, connections are not read from until some is free. -1 means"
                + " a quarter of the memory outside the heap that the JVM allows.")
        .integer(
            SOCKET_LISTEN_BACKLOG_SIZE,
            1_024,
            1,
            "Connections the operating system may hold until they are accepted.")
        .integer(
            SOCKET_SEND_BUFFER_BYTES,
            -1,
            -1,
            "Send buffer of a connection, in bytes; -1 leaves it to the operating system.")
        .integer(
            SOCKET_RECEIVE_BUFFER_BYTES,
            -1,
            -1,
            "Receive buffer of a connection, in bytes; -1 leaves it to the operating system.")
        .number(
            CONNECTIONS_MAX_IDLE_MS,
            600_000,
            -1,
            "Milliseconds after which a silent connection is closed; -1 means never.")
        .integer(
            MAX_CONNECTIONS,
            Integer.MAX_VALUE,
            0,
            "Most connections of this node. Further ones wait until another one closes. The"
                + " listener of inter.broker.listener.name, where it is not the only one, may go"
                + " past it: then the connection of another listener that was unused for longest is"
                + " closed. listener.name.NAME.max.connections limits one listener.")
        .integer(
            MAX_CONNECTION_CREATION_RATE,
            Integer.MAX_VALUE,
            0,
            "Most new connections of this node in a second, averaged over ten; faster ones wait."
                + " Those of inter.broker.listener.name, where it is not the only listener, do not"
                + " count. listener.name.NAME.max.connection.creation.rate limits one listener.")
        .integer(
            MAX_CONNECTIONS_PER_IP,
            Integer.MAX_VALUE,
            0,
            "Most connections from one address; further ones are closed at once. 0 only where"
                + " max.connections.per.ip.overrides says otherwise for some.")
        .text(
            MAX_CONNECTIONS_PER_IP_OVERRIDES,
            "",
            "Limits for single addresses or host names, as host:number, separated by commas.")
        .number(
            REQUEST_RECEIVE_TIMEOUT_MS,
            30_000,
            1,
            "Milliseconds in which a begun request must arrive; every 32 KiB that have come add a"
                + " second. Its connection is closed otherwise.")
        .number(
            RESPONSE_WRITE_TIMEOUT_MS,
            60_000,
            1,
            "Milliseconds after which a client that takes nothing of what it is owed is closed.")
        .integer(
            FETCH_MAX_BYTES,
            55 << 20,
            1_024,
            "Largest amount of records in one fetch response, in bytes, whatever a client asks for."
                + " A first batch that is larger is sent all the same.")
        .integer(
            FETCH_SESSION_SLOTS,
            1_000,
            0,
            "Fetch sessions the node remembers. The longest unused one makes room for a new one.")
        .integer(
            REQUEST_PARTITION_LIMIT,
            2_000,
            1,
            "Partitions in one answer of DescribeTopicPartitions; a client asks on for the rest.");
  }
}
