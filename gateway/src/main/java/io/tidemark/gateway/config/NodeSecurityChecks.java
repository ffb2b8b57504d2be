package io.tidemark.gateway.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;

/**
 * Whether nodes can know and trust each other by what was set: on the listener of {@code
 * inter.broker.listener.name}, on those of controllers, and among voters.
 */
final class NodeSecurityChecks {
  private final NodeConfig config;
  private final List<String> problems;

  NodeSecurityChecks(NodeConfig config, List<String> problems) {
    this.config = config;
    this.problems = problems;
  }

  void run() {
    checkName();
    NodePrincipals principals = principals();
    if (principals == null || !rolesAreGood() || !config.hasOtherNodes()) {
      return;
    }
    settings(config.interBrokerListenerName())
        .filter(_ -> !config.roles().equals(Set.of(Role.CONTROLLER)))
        .ifPresent(listener ->
            checkWay(listener, SaslKeys.INTER_BROKER_MECHANISM, isServed(listener), principals));
    for (String name : config.controllerListenerNames()) {
      settings(name)
          .ifPresent(listener -> {
            checkWay(listener, SaslKeys.CONTROLLER_MECHANISM, isServed(listener), principals);
            checkController(listener);
          });
    }
  }

  private boolean rolesAreGood() {
    try {
      return !config.roles().isEmpty();
    } catch (IllegalArgumentException e) {
      return false; // said elsewhere
    }
  }

  private void checkName() {
    Optional<String> protocol = config.getOptional(NetworkKeys.SECURITY_INTER_BROKER_PROTOCOL);
    if (protocol.isPresent()
        && config.getOptional(NetworkKeys.INTER_BROKER_LISTENER_NAME).isPresent()) {
      problems.add(
          "security.inter.broker.protocol: set it or inter.broker.listener.name, not both");
    }
    protocol
        .filter(name -> !SecurityProtocol.names().contains(config.interBrokerListenerName()))
        .ifPresent(name ->
            problems.add(
                "security.inter.broker.protocol: %s is none of %s"
                    .formatted(name, SecurityProtocol.names())));
  }

  private @Nullable NodePrincipals principals() {
    try {
      return config.nodePrincipals();
    } catch (ConfigException e) {
      problems.add(e.getMessage());
      return null;
    }
  }

  private Optional<ListenerSettings> settings(String listener) {
    return SecurityChecks.speaks(config, listener).map(_ -> config.listener(listener));
  }

  private boolean isServed(ListenerSettings listener) {
    return config.listeners().stream().anyMatch(own -> own.name().equals(listener.name()))
        || config.controllerListeners().stream()
            .anyMatch(own -> own.name().equals(listener.name()));
  }

  /** How this node goes out by a listener's settings, and lets others in where it serves it. */
  private void checkWay(
      ListenerSettings listener, String mechanismKey, boolean isServed, NodePrincipals principals) {
    if (listener.isSasl()) {
      checkLogin(listener, mechanismKey, isServed, principals);
    } else if (listener.isEncrypted() && isServed && principals.areBound()) {
      checkCertificatesAreAsked(listener);
    }
  }

  private void checkCertificatesAreAsked(ListenerSettings listener) {
    if (listener.getString(TlsKeys.CLIENT_AUTH).equals("none")) {
      problems.add(
          "%s: other nodes use the listener %s, and are known there by their certificates alone; set required, or requested"
              .formatted(ListenerKeys.own(listener.name(), TlsKeys.CLIENT_AUTH), listener.name()));
    }
  }

  private void checkLogin(
      ListenerSettings listener, String mechanismKey, boolean isServed, NodePrincipals principals) {
    Optional<String> mechanism = config.getOptional(mechanismKey);
    if (mechanism.isEmpty()) {
      problems.add(
          "%s: must be set, for nodes use the listener %s, which speaks %s"
              .formatted(mechanismKey, listener.name(), listener.protocol()));
      return;
    }
    String name = mechanism.get();
    if (!SaslKeys.MECHANISMS.contains(name)) {
      problems.add(mechanismKey + ": " + name + " is none of " + SaslKeys.MECHANISMS);
      return;
    }
    if (isServed && !listener.mechanisms().contains(name)) {
      problems.add(
          "%s: %s is not among the mechanisms of the listener %s, which are %s"
              .formatted(mechanismKey, name, listener.name(), listener.mechanisms()));
    }
    if (mechanismKey.equals(SaslKeys.CONTROLLER_MECHANISM) && name.startsWith("SCRAM")) {
      problems.add(
          "%s: %s has its users in the metadata that nodes ask controllers for; use PLAIN, OAUTHBEARER, or certificates"
              .formatted(mechanismKey, name));
      return;
    }
    checkCredential(listener, name, principals);
  }

  private void checkCredential(
      ListenerSettings listener, String mechanism, NodePrincipals principals) {
    try {
      NodeLogin login = NodeLogin.of(listener, mechanism);
      if (login instanceof NodeLogin.UserAndPassword own
          && principals.areBound()
          && !principals.of(config.nodeId()).equals("User:" + own.user())) {
        problems.add(
            "%s: this node logs in as User:%s, and must be %s to speak for node %d"
                .formatted(
                    AuthorisationKeys.NODE_PRINCIPAL,
                    own.user(),
                    principals.of(config.nodeId()),
                    config.nodeId()));
      }
    } catch (ConfigException e) {
      problems.add(e.getMessage());
    }
  }

  /** Whether this node's voter speaks with others, or may have to. */
  private boolean hasVoters() {
    try {
      return config.roles().contains(Role.CONTROLLER)
          && (config.quorumVoters().size() > 1 || config.quorumMayGrow());
    } catch (ConfigException e) {
      return false; // said elsewhere
    }
  }

  /** Voters know each other by certificates: their transport has no SASL. */
  private void checkController(ListenerSettings listener) {
    if (!hasVoters()) {
      return;
    }
    if (listener.protocol() == SecurityProtocol.SASL_PLAINTEXT) {
      problems.add(
          "listener.security.protocol.map: %s is SASL_PLAINTEXT, and several voters can know each other only by certificates; use SASL_SSL or SSL"
              .formatted(listener.name()));
    }
    boolean hasAuthorities =
        listener.getOptional(TlsKeys.TRUSTSTORE_LOCATION).isPresent()
            || listener.getOptional(TlsKeys.TRUSTSTORE_CERTIFICATES).isPresent();
    if (listener.isEncrypted() && !hasAuthorities) {
      problems.add(
          "%s: voters check each other's certificates; name the authority that signs them"
              .formatted(ListenerKeys.own(listener.name(), TlsKeys.TRUSTSTORE_LOCATION)));
    }
  }
}
