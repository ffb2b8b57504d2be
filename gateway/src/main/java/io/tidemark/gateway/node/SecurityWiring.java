package io.tidemark.gateway.node;

import io.tidemark.gateway.config.AuthorisationKeys;
import io.tidemark.gateway.config.ConfigurationException;
import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.ListenerSettings;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.SaslKeys;
import io.tidemark.gateway.config.TlsKeys;
import io.tidemark.gateway.net.ListenerSecurity;
import io.tidemark.gateway.security.acl.Authoriser;
import io.tidemark.gateway.security.auth.Doors;
import io.tidemark.gateway.security.tls.TlsListener;
import io.tidemark.metadata.image.SecurityImage;
import io.tidemark.metadata.quorum.ImageFollower;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the node's listeners are protected. Certificates are looked at again while the node runs: by
 * the clock for files that have changed, and when a setting has. Made and closed by the node's one
 * thread; {@link #reconfigure} and {@link #check} may come from any.
 */
final class SecurityWiring implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SecurityWiring.class);
  private static final int HANDSHAKE_THREADS = 2;

  private final NodeConfig config;
  private final Authoriser authoriser;
  private final LateUsers users = new LateUsers();
  private final Map<String, TlsListener> encrypted = new LinkedHashMap<>();
  private final Map<String, ListenerSecurity> listeners = new LinkedHashMap<>();

  private SecurityWiring(NodeConfig config) {
    this.config = config;
    this.authoriser =
        new Authoriser(
            config.authorises(),
            config.superUsers(),
            config.getBoolean(AuthorisationKeys.ALLOW_EVERYONE));
  }

  /** Reads every key and certificate; throws {@link ConfigurationException} with what is wrong. */
  static SecurityWiring open(NodeConfig config, NodePorts ports) {
    SecurityWiring security = new SecurityWiring(config);
    List<String> problems = new ArrayList<>();
    Doors doors = new Doors(security.users, () -> ports.thread("token-keys"), ports.time());
    Executor handshakes = Runnable::run;
    for (Endpoint endpoint : security.endpoints()) {
      ListenerSettings listener = config.listener(endpoint.name());
      try {
        if (listener.isEncrypted() && security.encrypted.isEmpty()) {
          handshakes = ports.pool("tls-handshake", HANDSHAKE_THREADS);
        }
        security.add(listener, doors, handshakes);
      } catch (ConfigException e) {
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      security.close();
      throw new ConfigurationException(problems);
    }
    security.watchFiles(ports);
    return security;
  }

  private List<Endpoint> endpoints() {
    return Stream.concat(config.listeners().stream(), config.controllerListeners().stream())
        .toList();
  }

  private void add(ListenerSettings listener, Doors doors, Executor handshakes) {
    TlsListener tls = listener.isEncrypted() ? TlsListener.open(listener) : null;
    if (tls != null) {
      encrypted.put(listener.name(), tls);
    }
    listeners.put(
        listener.name(),
        new ListenerSecurity(
            tls,
            handshakes,
            doors.open(listener),
            authoriser,
            listener.getInt(SaslKeys.MAX_RECEIVE_SIZE),
            config.getLong(SaslKeys.AUTHENTICATION_TIMEOUT_MS),
            config.getInt(SaslKeys.FAILURE_DELAY_MS)));
  }

  private void watchFiles(NodePorts ports) {
    if (encrypted.isEmpty()) {
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
    encrypted.values().forEach(TlsListener::reloadIfChanged);
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
    users.serve(new ImageUsers(image));
  }

  ListenerSecurity of(String listener) {
    return listeners.getOrDefault(listener, ListenerSecurity.NONE);
  }

  /** Takes over what was changed of certificates; what cannot be used is logged, and not used. */
  void reconfigure(NodeConfig changed) {
    encrypted.forEach((name, tls) -> {
      try {
        ListenerSettings next = changed.listener(name);
        requireSameFolder(name, next);
        tls.reconfigure(next);
      } catch (ConfigException e) {
        log.warn("{}; it goes on with the former ones", e.getMessage());
      }
    });
  }

  /** Checks what would be changed of certificates; throws {@link ConfigException}. */
  void check(NodeConfig changed) {
    encrypted.forEach((name, tls) -> {
      ListenerSettings next = changed.listener(name);
      if (!next.tls().equals(config.listener(name).tls())) {
        requireSameFolder(name, next);
        tls.validate(next);
      }
    });
  }

  /** Nobody gets at other files of this machine through the network. */
  private void requireSameFolder(String listener, ListenerSettings next) {
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
    encrypted.values().forEach(TlsListener::close);
  }
}
