package io.tidemark.gateway.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** What several settings of a node say together: whether they go together, and what to warn of. */
final class NodeChecks {
  private static final String EXPOSED =
      " can be reached from other machines, and there is neither encryption nor authentication";

  private static final String NOT_ENCRYPTED =
      " can be reached from other machines, and nothing is encrypted, records and passwords"
          + " neither";

  private final NodeConfig config;
  private final List<String> problems;
  private final List<String> warnings;

  NodeChecks(NodeConfig config, List<String> problems, List<String> warnings) {
    this.config = config;
    this.problems = problems;
    this.warnings = warnings;
  }

  void run() {
    boolean rolesAreGood = checkRoles();
    List<Endpoint> listeners = attempt(config::listeners);
    List<Endpoint> advertised = attempt(config::advertisedListeners);
    List<QuorumVoter> voters = rolesAreGood ? attempt(config::quorumVoters) : null;
    HostPort http = attempt(config::httpListener);
    if (http != null) {
      new HttpChecks(config, problems, warnings).run(http, !isLoopback(http.host()));
    }
    checkConnectionsOfAddresses();
    checkFolders();
    checkRetentionHours();
    checkSessionTimeouts();
    checkCleaner();
    checkCordon();
    if (rolesAreGood && voters != null) {
      checkVoters(voters);
    }
    List<HostPort> bootstrap = attempt(config::bootstrapControllers);
    if (rolesAreGood && listeners != null) {
      checkControllerListeners(bootstrap);
    }
    if (listeners != null) {
      List<Endpoint> all =
          Stream.concat(listeners.stream(), config.controllerListeners().stream()).toList();
      new SecurityChecks(config, problems).run(all);
      if (rolesAreGood) {
        checkInterBrokerListener(listeners);
      }
      warnAboutExposure(all);
      checkPorts(all, http);
      if (voters != null && voters.size() > 1) {
        checkVotersPort(voters);
      }
    }
    if (listeners != null && advertised != null) {
      checkAdvertised(listeners, advertised);
    }
  }

  /** The controller must know of it also while the node is away. */
  private void checkCordon() {
    if (!config.getList(ReplicationKeys.CORDONED_LOG_DIRS).isEmpty()) {
      problems.add(
          "cordoned.log.dirs: cannot stand in the file; cordon the node while it runs, with"
              + " bin/tidemark node drain or config alter --node");
    }
  }

  private void checkConnectionsOfAddresses() {
    Map<String, Integer> overrides =
        attempt(() ->
            ListenerParser.limits(
                NetworkKeys.MAX_CONNECTIONS_PER_IP_OVERRIDES,
                config.getString(NetworkKeys.MAX_CONNECTIONS_PER_IP_OVERRIDES)));
    int limit = config.getInt(NetworkKeys.MAX_CONNECTIONS_PER_IP);
    if (limit == 0 && overrides != null && overrides.isEmpty()) {
      problems.add(
          "max.connections.per.ip: can be 0 only where max.connections.per.ip.overrides lets"
              + " somebody in");
    }
  }

  private <T> @Nullable T attempt(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ConfigException e) {
      problems.add(e.getMessage());
      return null;
    }
  }

  private boolean checkRoles() {
    List<String> texts = config.getList(IdentityKeys.PROCESS_ROLES);
    Set<String> known = Set.of("broker", "gateway", "controller");
    boolean areKnown = true;
    for (String text : texts) {
      if (!known.contains(text.strip().toLowerCase(Locale.ROOT))) {
        problems.add("process.roles: " + text + " is none of broker, gateway, controller");
        areKnown = false;
      }
    }
    if (texts.isEmpty()) {
      problems.add("process.roles: a node needs at least one role");
    }
    if (areKnown && config.roles().containsAll(Set.of(Role.BROKER, Role.GATEWAY))) {
      problems.add("process.roles: broker includes gateway; name one of them");
      return false;
    }
    if (areKnown && config.roles().containsAll(Set.of(Role.CONTROLLER, Role.GATEWAY))) {
      problems.add(
          "process.roles: a gateway keeps nothing on disk, and a controller keeps the metadata; run"
              + " them as two nodes");
      return false;
    }
    return areKnown;
  }

  private void checkVoters(List<QuorumVoter> voters) {
    boolean isVoter = voters.stream().anyMatch(voter -> voter.id() == config.nodeId());
    boolean isController = config.roles().contains(Role.CONTROLLER);
    if (isController && !isVoter) {
      problems.add(
          "controller.quorum.voters: node %d is a controller and must be among %s"
              .formatted(config.nodeId(), voters));
    }
    if (isVoter && !isController) {
      problems.add(
          "process.roles: node %d is among controller.quorum.voters and must be a controller"
              .formatted(config.nodeId()));
    }
  }

  private void checkControllerListeners(@Nullable List<HostPort> bootstrap) {
    List<Endpoint> own = config.controllerListeners();
    Set<Role> roles = config.roles();
    if (roles.isEmpty()) {
      return;
    }
    if (!roles.contains(Role.CONTROLLER)) {
      if (!own.isEmpty()) {
        problems.add(
            "listeners: %s is a controller's listener, and this node has not the role controller"
                .formatted(own.getFirst()));
      }
      if (bootstrap != null && bootstrap.isEmpty()) {
        problems.add(
            "controller.quorum.bootstrap.servers: a node that has not the role controller needs at"
                + " least one controller's listener, as host:port");
      }
    } else if (roles.equals(Set.of(Role.CONTROLLER)) && own.isEmpty()) {
      problems.add(
          "listeners: a node that is a controller alone needs a listener named by"
              + " controller.listener.names");
    }
  }

  /** Voters talk among themselves on a port of their own. */
  private void checkVotersPort(List<QuorumVoter> voters) {
    if (config.roles().contains(Role.CONTROLLER) && config.controllerListeners().isEmpty()) {
      warnings.add(
          "There are several voters, but controller.listener.names opens no listener here: other"
              + " nodes cannot ask this node's controller");
    }
    for (Endpoint listener : config.controllerListeners()) {
      boolean isTaken =
          voters.stream()
              .filter(voter -> voter.id() == config.nodeId())
              .anyMatch(voter -> voter.address().port() == listener.port());
      if (isTaken) {
        problems.add(
            "listeners: %s has the port where this node's voter listens by controller.quorum.voters; give it another"
                .formatted(listener));
      }
    }
  }

  private void checkInterBrokerListener(List<Endpoint> listeners) {
    boolean servesClients = !config.roles().equals(Set.of(Role.CONTROLLER));
    if (!servesClients && !listeners.isEmpty()) {
      problems.add(
          "listeners: %s is for clients, and a node that is a controller alone serves none"
              .formatted(listeners.getFirst()));
      return;
    }
    if (listeners.isEmpty() && servesClients) {
      problems.add("listeners: a node with the role broker or gateway needs one");
      return;
    }
    if (config.roles().contains(Role.GATEWAY)) {
      checkGateway();
      return;
    }
    String name = config.interBrokerListenerName();
    if (servesClients && listeners.stream().noneMatch(l -> l.name().equals(name))) {
      problems.add("inter.broker.listener.name: " + name + " is not among listeners");
    }
  }

  /** It serves no nodes; the name is that of the nodes it passes requests on to. */
  private void checkGateway() {
    if (!config.isSet(NetworkKeys.INTER_BROKER_LISTENER_NAME)) {
      problems.add(
          "inter.broker.listener.name: a gateway needs the name of the listener where brokers serve"
              + " other nodes");
    } else {
      attempt(() -> config.listener(config.interBrokerListenerName()).protocol());
    }
    if (config.tieringStore().isEmpty()) {
      warnings.add(
          "This gateway has no tiering.store: what is in the bucket it asks of the leaders");
    }
  }

  private void checkAdvertised(List<Endpoint> listeners, List<Endpoint> advertised) {
    Set<String> names = new HashSet<>(listeners.stream().map(Endpoint::name).toList());
    for (Endpoint endpoint : advertised) {
      if (!names.remove(endpoint.name())) {
        problems.add("advertised.listeners: " + endpoint.name() + " is not among listeners");
      }
      if (endpoint.host().equals("0.0.0.0") || endpoint.host().equals("::")) {
        problems.add(
            "advertised.listeners: %s is no address that a client can reach; set it to one that is"
                .formatted(endpoint));
      }
    }
    names.forEach(name -> problems.add("advertised.listeners: " + name + " is missing"));
  }

  private void checkPorts(List<Endpoint> listeners, @Nullable HostPort http) {
    Map<Integer, String> users = new HashMap<>();
    if (http != null && http.port() != 0) {
      users.put(http.port(), ObservationKeys.HTTP_LISTENER);
    }
    for (Endpoint listener : listeners) {
      String other = listener.port() == 0 ? null : users.put(listener.port(), listener.name());
      if (other != null) {
        problems.add("listeners: %s uses the same port as %s".formatted(listener, other));
      }
    }
  }

  private void warnAboutExposure(List<Endpoint> listeners) {
    for (Endpoint listener : listeners) {
      if (!isLoopback(listener.host())) {
        warnAboutExposure(listener);
      }
    }
  }

  private void warnAboutExposure(Endpoint listener) {
    SecurityChecks.speaks(config, listener.name())
        .ifPresent(protocol -> {
          switch (protocol) {
            case PLAINTEXT -> warnings.add("The listener " + listener + EXPOSED);
            case SASL_PLAINTEXT -> warnings.add("The listener " + listener + NOT_ENCRYPTED);
            case SSL, SASL_SSL -> {}
          }
        });
  }

  private static boolean isLoopback(String host) {
    try {
      return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private void checkFolders() {
    if (config.logDirs().isEmpty()) {
      problems.add("log.dirs: at least one folder is needed");
    }
    Set<String> folders = new HashSet<>();
    for (var folder : config.logDirs()) {
      if (!folders.add(folder.toAbsolutePath().normalize().toString())) {
        problems.add("log.dirs: " + folder + " is there twice");
      }
    }
  }

  private void checkRetentionHours() {
    for (String key :
        List.of(TopicDefaultKeys.LOG_RETENTION_HOURS, TopicDefaultKeys.LOG_RETENTION_MINUTES)) {
      long value = config.getOptionalNumber(key).map(Number::longValue).orElse(1L);
      if (value == 0 || value < -1) {
        problems.add(key + ": must be -1 or at least 1");
      }
    }
  }

  private void checkSessionTimeouts() {
    if (config.getInt(GroupKeys.GROUP_MIN_SESSION_TIMEOUT_MS)
        > config.getInt(GroupKeys.GROUP_MAX_SESSION_TIMEOUT_MS)) {
      problems.add("group.min.session.timeout.ms: must not be above group.max.session.timeout.ms");
    }
  }

  private void checkCleaner() {
    long each = config.getLong(CleanerKeys.DEDUPE_BUFFER_SIZE) / config.getInt(CleanerKeys.THREADS);
    if (each < 1 << 20) {
      problems.add(
          "log.cleaner.dedupe.buffer.size: must be at least 1 MiB for each of"
              + " log.cleaner.threads");
    }
    if (config.getLong(CleanerKeys.MIN_COMPACTION_LAG_MS)
        > config.getLong(CleanerKeys.MAX_COMPACTION_LAG_MS)) {
      problems.add(
          "log.cleaner.min.compaction.lag.ms: must not be above"
              + " log.cleaner.max.compaction.lag.ms");
    }
  }
}
