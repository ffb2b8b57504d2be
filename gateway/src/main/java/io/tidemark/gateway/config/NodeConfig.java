package io.tidemark.gateway.config;

import io.tidemark.gateway.net.ConnectionSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a node: those it was started with, over the defaults, under what was changed
 * while it ran. Immutable; a change makes a new one ({@link #with}).
 */
public final class NodeConfig {
  private static final int DEFAULT_QUORUM_PORT = 9093;

  private final Layers layers;
  private final Map<String, @Nullable Object> values;
  private final List<String> warnings;

  private NodeConfig(Layers layers, Map<String, @Nullable Object> values, List<String> warnings) {
    this.layers = layers;
    this.values = values;
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Reads a properties file, if there is one, and {@code key=value} overrides on top of it.
   *
   * @throws ConfigurationException with everything that is wrong
   */
  public static NodeConfig load(@Nullable Path file, List<String> overrides) {
    return new NodeConfigReader().read(file, overrides);
  }

  /**
   * A configuration from values in memory.
   *
   * @throws ConfigurationException with everything that is wrong
   */
  public static NodeConfig of(Map<String, String> values) {
    return new NodeConfigReader().read(values);
  }

  /** Makes a configuration of parsed values and adds what does not go together to the problems. */
  static NodeConfig checked(
      Layers layers,
      Map<String, @Nullable Object> values,
      List<String> warnings,
      List<String> problems) {
    List<String> allWarnings = new ArrayList<>(warnings);
    NodeConfig config = new NodeConfig(layers, values, List.of());
    new NodeChecks(config, problems, allWarnings).run();
    return new NodeConfig(layers, values, allWarnings);
  }

  /**
   * This configuration under other dynamic settings. Values that do not parse, which the controller
   * refuses, are passed over.
   */
  public NodeConfig with(NodeOverrides overrides) {
    Layers next = new Layers(overrides.node(), overrides.cluster(), layers.given());
    Map<String, @Nullable Object> changed = new HashMap<>(values);
    next.merged()
        .forEach((name, text) -> {
          ConfigKey key = NodeDefinition.key(name);
          if (key != null && NodeDefinition.isDynamic(name)) {
            changed.put(name, parsedOr(key, text, values.get(name)));
          }
        });
    return new NodeConfig(next, changed, warnings);
  }

  private static @Nullable Object parsedOr(ConfigKey key, String text, @Nullable Object otherwise) {
    try {
      return NodeConfigReader.parse(key, text);
    } catch (ConfigException e) {
      return otherwise;
    }
  }

  public int nodeId() {
    return getInt(IdentityKeys.NODE_ID);
  }

  public Set<Role> roles() {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String role : getList(IdentityKeys.PROCESS_ROLES)) {
      roles.add(Role.valueOf(role.strip().toUpperCase(Locale.ROOT)));
    }
    return roles;
  }

  /** All voters; where none are named this node alone, if it is a controller. */
  public List<QuorumVoter> quorumVoters() {
    List<String> texts = getList(IdentityKeys.CONTROLLER_QUORUM_VOTERS);
    if (texts.isEmpty() && !roles().contains(Role.CONTROLLER)) {
      return List.of();
    }
    return texts.isEmpty()
        ? List.of(new QuorumVoter(nodeId(), new HostPort("localhost", DEFAULT_QUORUM_PORT)))
        : ListenerParser.voters(IdentityKeys.CONTROLLER_QUORUM_VOTERS, texts);
  }

  /**
   * Whether a voter that is alone listens for others: it says where, on a port of its own, and has
   * a listener where they ask its controller.
   */
  public boolean quorumMayGrow() {
    boolean isNamed = !getList(IdentityKeys.CONTROLLER_QUORUM_VOTERS).isEmpty();
    return isNamed
        && !controllerListeners().isEmpty()
        && quorumVoters().stream()
            .filter(voter -> voter.id() == nodeId())
            .noneMatch(voter -> hasListenerOn(voter.address().port()));
  }

  private boolean hasListenerOn(int port) {
    return Stream.concat(listeners().stream(), controllerListeners().stream())
        .anyMatch(listener -> listener.port() == port);
  }

  /** Where clients and nodes connect, without the listeners of Kafka's controllers. */
  public List<Endpoint> listeners() {
    return withoutControllers(
        ListenerParser.listeners(NetworkKeys.LISTENERS, getList(NetworkKeys.LISTENERS)));
  }

  /**
   * What clients are told; one for each listener. A port 0 stands for the one the listener was
   * bound to.
   */
  public List<Endpoint> advertisedListeners() {
    List<String> texts = getList(NetworkKeys.ADVERTISED_LISTENERS);
    List<Endpoint> advertised =
        texts.isEmpty()
            ? listeners()
            : withoutControllers(ListenerParser.listeners(NetworkKeys.ADVERTISED_LISTENERS, texts));
    return advertised.stream().map(NodeConfig::withHost).toList();
  }

  /** Where other nodes ask this node's controller; none where nobody is to. */
  public List<Endpoint> controllerListeners() {
    return ofControllers(
        ListenerParser.listeners(NetworkKeys.LISTENERS, getList(NetworkKeys.LISTENERS)));
  }

  /** What other nodes are told of the controller's listeners. */
  public List<Endpoint> advertisedControllerListeners() {
    Map<String, Endpoint> byName = new LinkedHashMap<>();
    controllerListeners().forEach(own -> byName.put(own.name(), own));
    ofControllers(
            ListenerParser.listeners(
                NetworkKeys.ADVERTISED_LISTENERS, getList(NetworkKeys.ADVERTISED_LISTENERS)))
        .forEach(told -> byName.replace(told.name(), told));
    return byName.values().stream().map(NodeConfig::withHost).toList();
  }

  /** Names of listeners that controllers have, here or on other nodes. */
  public List<String> controllerListenerNames() {
    return getList(IdentityKeys.CONTROLLER_LISTENER_NAMES).stream()
        .map(name -> name.strip().toUpperCase(Locale.ROOT))
        .toList();
  }

  /** Where a node that is no voter finds controllers. */
  public List<HostPort> bootstrapControllers() {
    String key = IdentityKeys.CONTROLLER_QUORUM_BOOTSTRAP_SERVERS;
    return getList(key).stream().map(text -> ListenerParser.hostPort(key, text)).toList();
  }

  private static Endpoint withHost(Endpoint endpoint) {
    if (!endpoint.host().isEmpty()) {
      return endpoint;
    }
    return new Endpoint(endpoint.name(), new HostPort(machineName(), endpoint.port()));
  }

  private static String machineName() {
    try {
      return InetAddress.getLocalHost().getCanonicalHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private List<Endpoint> withoutControllers(List<Endpoint> endpoints) {
    List<String> controllers = controllerListenerNames();
    return endpoints.stream().filter(e -> !controllers.contains(e.name())).toList();
  }

  private List<Endpoint> ofControllers(List<Endpoint> endpoints) {
    List<String> controllers = controllerListenerNames();
    return endpoints.stream().filter(e -> controllers.contains(e.name())).toList();
  }

  /** The listener other nodes use for what brokers do for each other: following replicas. */
  public String interBrokerListenerName() {
    return getOptional(NetworkKeys.INTER_BROKER_LISTENER_NAME)
        .or(() -> getOptional(NetworkKeys.SECURITY_INTER_BROKER_PROTOCOL))
        .map(name -> name.strip().toUpperCase(Locale.ROOT))
        .orElseGet(
            () -> listeners().stream().findFirst().map(Endpoint::name).orElse(Endpoint.UNNAMED));
  }

  /** Whether there are, or may come to be, other nodes that this one speaks with. */
  public boolean hasOtherNodes() {
    return getList(IdentityKeys.CONTROLLER_QUORUM_VOTERS).size() > 1
        || !roles().contains(Role.CONTROLLER)
        || !controllerListeners().isEmpty();
  }

  /**
   * The listener by which this node asks controllers, and whose certificates voters show each
   * other; empty where {@code controller.listener.names} names none.
   */
  public Optional<ListenerSettings> controllerListener() {
    return controllerListenerNames().stream().findFirst().map(this::listener);
  }

  /** Whom nodes must be known as. */
  public NodePrincipals nodePrincipals() {
    return NodePrincipals.parse(getString(AuthorisationKeys.NODE_PRINCIPAL));
  }

  /** Whether consumers are sent to a replica in their own rack. */
  public boolean isRackAware() {
    return getString(ReplicationKeys.REPLICA_SELECTOR_CLASS)
        .equals(ReplicationKeys.RACK_AWARE_SELECTOR);
  }

  /** What holds for a listener, clients' or controllers'. */
  public ListenerSettings listener(String name) {
    return new ListenerSettings(this, name, ListenerKeys.prefix(name), protocolOf(name));
  }

  /** Who may ask what at the HTTP port. */
  public HttpSettings http() {
    return new HttpSettings(this);
  }

  /** Throws {@link ConfigException} where nothing says which protocol a listener speaks. */
  private SecurityProtocol protocolOf(String listener) {
    String key = NetworkKeys.LISTENER_SECURITY_PROTOCOL_MAP;
    String protocol = ListenerParser.protocols(key, getString(key)).get(listener);
    if (protocol == null && SecurityProtocol.names().contains(listener)) {
      return SecurityProtocol.forName(listener);
    }
    if (protocol == null && controllerListenerNames().contains(listener)) {
      return SecurityProtocol.PLAINTEXT; // as in Kafka
    }
    if (protocol == null) {
      throw new ConfigException(
          "%s: the listener %s has no protocol; add %s:PLAINTEXT or another"
              .formatted(key, listener, listener));
    }
    if (!SecurityProtocol.names().contains(protocol)) {
      throw new ConfigException(key, protocol, "is none of " + SecurityProtocol.names());
    }
    return SecurityProtocol.forName(protocol);
  }

  public HostPort httpListener() {
    return ListenerParser.hostPort(
        ObservationKeys.HTTP_LISTENER, getString(ObservationKeys.HTTP_LISTENER));
  }

  public List<Path> logDirs() {
    return getList(LogKeys.LOG_DIRS).stream().map(text -> Path.of(text.strip())).toList();
  }

  public Path metadataLogDir() {
    return getOptional(IdentityKeys.METADATA_LOG_DIR)
        .map(Path::of)
        .orElseGet(() -> logDirs().getFirst().resolve("quorum"));
  }

  /** {@code file:///…} or {@code s3://bucket/prefix}; absent means hot only. */
  public Optional<String> tieringStore() {
    return getOptional(TieringKeys.STORE);
  }

  public Optional<String> rack() {
    return getOptional(IdentityKeys.BROKER_RACK);
  }

  public ConnectionSettings connectionSettings() {
    return ConnectionConfig.of(this);
  }

  /** Whether ACLs decide who may do what. */
  public boolean authorises() {
    return !getString(AuthorisationKeys.AUTHORIZER).isBlank();
  }

  /** Who may do everything. */
  public Set<KafkaPrincipal> superUsers() {
    return SuperUsers.parse(getString(AuthorisationKeys.SUPER_USERS));
  }

  /** Lines to warn with at the start. */
  public List<String> warnings() {
    return warnings;
  }

  public int getInt(String key) {
    return number(key).intValue();
  }

  public long getLong(String key) {
    return number(key).longValue();
  }

  private Number number(String key) {
    return getOptionalNumber(key)
        .orElseThrow(() -> new IllegalStateException(key + " has neither value nor default"));
  }

  /** A number that may be unset. */
  public Optional<Number> getOptionalNumber(String key) {
    return Optional.ofNullable((Number) value(key));
  }

  public double getDouble(String key) {
    return number(key).doubleValue();
  }

  public boolean getBoolean(String key) {
    return value(key) instanceof Boolean flag && flag;
  }

  /** A text, or a secret's; empty where it is unset. */
  public String getString(String key) {
    return getOptional(key).orElse("");
  }

  /** A text, or a secret's, that is set and not blank. */
  public Optional<String> getOptional(String key) {
    Object value = value(key);
    String text = value instanceof Password secret ? secret.value() : (String) value;
    return Optional.ofNullable(text).filter(t -> !t.isBlank());
  }

  public List<String> getList(String key) {
    return value(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  @Nullable Object value(String key) {
    if (NodeDefinition.key(key) == null) {
      throw new IllegalArgumentException("no such setting: " + key);
    }
    return values.get(key);
  }

  /** Whether the key was given a value rather than left to its default. */
  public boolean isSet(String key) {
    return layers.merged().containsKey(key);
  }

  Layers layers() {
    return layers;
  }
}
