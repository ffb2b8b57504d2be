package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.AuthorisationKeys;
import io.tidemark.gateway.config.ConfigurationException;
import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.HttpSettings;
import io.tidemark.gateway.config.ListenerSettings;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.NodePrincipals;
import io.tidemark.gateway.config.Role;
import io.tidemark.gateway.config.SaslKeys;
import io.tidemark.gateway.config.TlsKeys;
import io.tidemark.gateway.config.TokenKeys;
import io.tidemark.gateway.http.HttpAccess;
import io.tidemark.gateway.http.HttpSecurity;
import io.tidemark.gateway.net.ListenerSecurity;
import io.tidemark.gateway.peer.PeerSecurity;
import io.tidemark.gateway.security.acl.Authoriser;
import io.tidemark.gateway.security.auth.Doors;
import io.tidemark.gateway.security.auth.Login;
import io.tidemark.gateway.security.auth.Logins;
import io.tidemark.gateway.security.auth.TokenSecrets;
import io.tidemark.gateway.security.guard.NodeClaims;
import io.tidemark.gateway.security.tls.NodeCertificates;
import io.tidemark.gateway.security.tls.TlsEngines;
import io.tidemark.metadata.image.SecurityImage;
import io.tidemark.metadata.quorum.ImageFollower;
import io.tidemark.metadata.quorum.QuorumTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the node's listeners are protected, and what it opens to other nodes. Certificates are looked
 * at again while the node runs: by the clock for files that have changed, and when a setting has.
 * Made and closed by the node's one thread; {@link #reconfigure} and {@link #check} may come from
 * any.
 */
final class SecurityWiring implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SecurityWiring.class);
  private static final int HANDSHAKE_THREADS = 2;

  private final NodeConfig config;
  private final Authoriser authoriser;
  private final LateUsers users = new LateUsers();
  private final NodePrincipals principals;
  private final NodeClaims claims;
  private final Map<String, TlsEngines> encrypted = new LinkedHashMap<>();

  /** By the listener of others that is gone to. */
  private final Map<String, TlsEngines> outgoing = new LinkedHashMap<>();

  private final Map<String, PeerSecurity> ways = new LinkedHashMap<>();
  private final AuditWiring audit;
  private final TokenSecrets tokenSecrets;
  private final Time time;
  private final Map<String, ListenerSecurity> listeners = new LinkedHashMap<>();
  private HttpSecurity http = HttpSecurity.NONE;

  private SecurityWiring(NodeConfig config, NodePorts ports, MeterRegistry meters) {
    this.config = config;
    this.principals = config.nodePrincipals();
    this.claims = new NodeClaims(principals, knowing());
    this.time = ports.time();
    this.tokenSecrets = new TokenSecrets(config.getOptional(TokenKeys.SECRET_KEY));
    this.audit = new AuditWiring(config, ports, meters);
    this.authoriser =
        new Authoriser(
            config.authorises(),
            config.superUsers(),
            config.getBoolean(AuthorisationKeys.ALLOW_EVERYONE));
  }

  /** Reads every key and certificate; throws {@link ConfigurationException} with what is wrong. */
  static SecurityWiring open(NodeConfig config, NodePorts ports, MeterRegistry meters) {
    SecurityWiring security = new SecurityWiring(config, ports, meters);
    List<String> problems = new ArrayList<>();
    security.openListeners(ports, problems);
    if (config.hasOtherNodes()) {
      security.openWays(ports, problems);
    }
    if (!problems.isEmpty()) {
      security.close();
      throw new ConfigurationException(problems);
    }
    security.watchFiles(ports);
    return security;
  }

  private void openListeners(NodePorts ports, List<String> problems) {
    Doors doors = new Doors(users, () -> ports.thread("token-keys"), ports.time());
    Executor handshakes =
        encryptsAnything() ? ports.pool("tls-handshake", HANDSHAKE_THREADS) : Runnable::run;
    for (Endpoint endpoint : endpoints()) {
      try {
        add(config.listener(endpoint.name()), doors, handshakes);
      } catch (ConfigException e) {
        problems.add(e.getMessage());
      }
    }
    try {
      addHttp(handshakes);
      audit.openFile();
    } catch (ConfigException e) {
      problems.add(e.getMessage());
    }
  }

  private void openWays(NodePorts ports, List<String> problems) {
    Logins logins = new Logins(() -> ports.thread("token"));
    if (!config.roles().equals(Set.of(Role.CONTROLLER))) {
      ListenerSettings listener = config.listener(config.interBrokerListenerName());
      openWay(listener, SaslKeys.INTER_BROKER_MECHANISM, logins, problems);
    }
    config
        .controllerListener()
        .ifPresent(listener -> openWay(listener, SaslKeys.CONTROLLER_MECHANISM, logins, problems));
  }

  private void openWay(
      ListenerSettings listener, String mechanismKey, Logins logins, List<String> problems) {
    try {
      ways.put(listener.name(), way(listener, mechanismKey, logins));
      if (mechanismKey.equals(SaslKeys.CONTROLLER_MECHANISM)) {
        requireOwnCertificates(listener);
      }
    } catch (ConfigException e) {
      problems.add(e.getMessage());
    }
  }

  private PeerSecurity way(ListenerSettings listener, String mechanismKey, Logins logins) {
    if (!listener.isEncrypted() && !listener.isSasl()) {
      return PeerSecurity.NONE;
    }
    Login login = listener.isSasl() ? logins.open(listener, config.getString(mechanismKey)) : null;
    if (!listener.isEncrypted()) {
      return new PeerSecurity(null, login);
    }
    TlsEngines engines = TlsEngines.toListeners(listener);
    outgoing.put(listener.name(), engines);
    if (!listener.isSasl()) {
      NodeCertificates.of(listener, engines).requireOwn(principals, config.nodeId());
    }
    return new PeerSecurity(engines::newEngine, login);
  }

  /** Voters show each other certificates, whatever they show otherwise. */
  private void requireOwnCertificates(ListenerSettings listener) {
    TlsEngines engines = outgoing.get(listener.name());
    if (engines != null && hasVoters()) {
      NodeCertificates.of(listener, engines).requireOwn(principals, config.nodeId());
    }
  }

  private boolean hasVoters() {
    return config.roles().contains(Role.CONTROLLER)
        && (config.quorumVoters().size() > 1 || config.quorumMayGrow());
  }

  /** How this node goes to controllers. */
  PeerSecurity toControllers() {
    return config
        .controllerListener()
        .map(listener -> to(listener.name()))
        .orElse(PeerSecurity.NONE);
  }

  /** How it goes to other nodes' replicas. */
  PeerSecurity toNodes() {
    return to(config.interBrokerListenerName());
  }

  private PeerSecurity to(String listener) {
    return ways.getOrDefault(listener, PeerSecurity.NONE);
  }

  /**
   * What voters encrypt with: the certificates of the controllers' listener; empty where that does
   * not encrypt.
   */
  Optional<QuorumTls> betweenVoters() {
    return config
        .controllerListener()
        .filter(listener -> hasVoters())
        .flatMap(listener ->
            Optional.ofNullable(outgoing.get(listener.name()))
                .map(engines -> NodeCertificates.of(listener, engines).betweenVoters(principals)));
  }

  /** Whether those who speak for nodes are those nodes. */
  NodeClaims claims() {
    return claims;
  }

  private Set<String> knowing() {
    return endpoints().stream()
        .map(Endpoint::name)
        .filter(name -> config.listener(name).protocol() != SecurityProtocol.PLAINTEXT)
        .collect(Collectors.toSet());
  }

  private List<Endpoint> endpoints() {
    return Stream.concat(config.listeners().stream(), config.controllerListeners().stream())
        .toList();
  }

  private boolean encryptsAnything() {
    return config.http().encryption().isEncrypted()
        || endpoints().stream()
            .anyMatch(endpoint -> config.listener(endpoint.name()).isEncrypted());
  }

  private void addHttp(Executor handshakes) {
    HttpSettings settings = config.http();
    ListenerSettings encryption = settings.encryption();
    http =
        new HttpSecurity(
            encryption.isEncrypted() ? TlsEngines.ofListener(encryption) : null,
            handshakes,
            new HttpAccess(
                settings.users(),
                settings.tokens(),
                settings.metricsTokens(),
                HttpAccess.Strangers.valueOf(settings.anonymous().toUpperCase(Locale.ROOT))));
  }

  private void add(ListenerSettings listener, Doors doors, Executor handshakes) {
    TlsEngines tls = listener.isEncrypted() ? TlsEngines.ofListener(listener) : null;
    if (tls != null) {
      encrypted.put(listener.name(), tls);
    }
    listeners.put(
        listener.name(),
        new ListenerSecurity(
            tls,
            handshakes,
            audit.witnessed(doors.open(listener), listener.name()),
            authoriser,
            listener.getInt(SaslKeys.MAX_RECEIVE_SIZE),
            config.getLong(SaslKeys.AUTHENTICATION_TIMEOUT_MS),
            config.getInt(SaslKeys.FAILURE_DELAY_MS)));
  }

  /** Where it is told who came in, was refused, or changed something. */
  AuditWiring audit() {
    return audit;
  }

  private void watchFiles(NodePorts ports) {
    if (!encryptsAnything() && outgoing.isEmpty()) {
      return;
    }
    long intervalMs = config.getLong(TlsKeys.RELOAD_INTERVAL_MS);
    var _ =
        ports
            .thread("certificates")
            .scheduleWithFixedDelay(
                this::reloadChangedFiles, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
  }

  private void reloadChangedFiles() {
    encrypted.values().forEach(TlsEngines::reloadIfChanged);
    outgoing.values().forEach(TlsEngines::reloadIfChanged);
    TlsEngines ofHttp = http.tls();
    if (ofHttp != null) {
      ofHttp.reloadIfChanged();
    }
  }

  /** How the HTTP port is protected. */
  HttpSecurity http() {
    return http;
  }

  /** How the secrets of delegation tokens are worked out. */
  TokenSecrets tokenSecrets() {
    return tokenSecrets;
  }

  Authoriser authoriser() {
    return authoriser;
  }

  /**
   * Takes rules and users over whenever the image changes them: on its thread, before anybody is
   * answered that they have changed.
   */
  void follow(ImageFollower images) {
    images.listen((previous, next, delta) -> {
      if (delta.securityChanged()) {
        use(next.security());
      }
    });
    use(images.image().security());
  }

  private void use(SecurityImage image) {
    authoriser.update(image);
    users.serve(new ImageUsers(image, tokenSecrets, time));
  }

  ListenerSecurity of(String listener) {
    return listeners.getOrDefault(listener, ListenerSecurity.NONE);
  }

  /** Takes over what was changed of certificates; what cannot be used is logged, and not used. */
  void reconfigure(NodeConfig changed) {
    encrypted.forEach((name, tls) -> reconfigure(tls, changed.listener(name)));
    outgoing.forEach((name, tls) -> reconfigure(tls, changed.listener(name)));
  }

  private void reconfigure(TlsEngines tls, ListenerSettings next) {
    try {
      requireSameFolder(next);
      tls.reconfigure(next);
    } catch (ConfigException e) {
      log.warn("{}; it goes on with the former ones", e.getMessage());
    }
  }

  /** Checks what would be changed of certificates; throws {@link ConfigException}. */
  void check(NodeConfig changed) {
    encrypted.forEach((name, tls) -> check(tls, changed.listener(name)));
    outgoing.forEach((name, tls) -> check(tls, changed.listener(name)));
  }

  private void check(TlsEngines tls, ListenerSettings next) {
    if (!next.tls().equals(config.listener(next.name()).tls())) {
      requireSameFolder(next);
      tls.validate(next);
    }
  }

  /** Nobody gets at other files of this machine through the network. */
  private void requireSameFolder(ListenerSettings next) {
    String listener = next.name();
    for (String key : TlsKeys.LOCATIONS) {
      String location = next.getString(key);
      String own = config.listener(listener).getString(key);
      if (!location.equals(own) && !folder(location).equals(folder(own))) {
        throw new ConfigException(
            "%s of the listener %s can be changed while the node runs only to files in the folder of its configuration"
                .formatted(key, listener));
      }
    }
  }

  private static String folder(String location) {
    Path parent = Path.of(location).toAbsolutePath().normalize().getParent();
    return location.isBlank() || parent == null ? "" : parent.toString();
  }

  @Override
  public void close() {
    audit.close();
    encrypted.values().forEach(TlsEngines::close);
    outgoing.values().forEach(TlsEngines::close);
    TlsEngines ofHttp = http.tls();
    if (ofHttp != null) {
      ofHttp.close();
    }
  }
}
