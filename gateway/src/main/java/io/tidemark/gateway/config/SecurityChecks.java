package io.tidemark.gateway.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.ssl.SslPrincipalMapper;

/** Whether what was set of protocols, authentication and authorisation goes together. */
final class SecurityChecks {
  private static final String PACKAGE = "org.apache.kafka.common.security.";

  /** Kafka's own, whose work is done by this node itself. */
  private static final Set<String> KNOWN_HANDLERS =
      Set.of(
          PACKAGE + "plain.internals.PlainServerCallbackHandler",
          PACKAGE + "scram.internals.ScramServerCallbackHandler",
          PACKAGE + "oauthbearer.OAuthBearerValidatorCallbackHandler",
          PACKAGE + "oauthbearer.secured.OAuthBearerValidatorCallbackHandler");

  private final NodeConfig config;
  private final List<String> problems;

  SecurityChecks(NodeConfig config, List<String> problems) {
    this.config = config;
    this.problems = problems;
  }

  void run(List<Endpoint> listeners) {
    for (Endpoint listener : listeners) {
      try {
        check(config.listener(listener.name()));
      } catch (ConfigException e) {
        problems.add(e.getMessage());
      }
    }
    if (config.http().encryption().isEncrypted()) {
      checkKey(config.http().encryption());
    }
    new NodeSecurityChecks(config, problems).run();
    checkAuthorisation();
  }

  private void check(ListenerSettings listener) {
    if (listener.isEncrypted()) {
      checkKey(listener);
    }
    if (listener.isSasl()) {
      checkMechanisms(listener);
    }
    String rules = listener.getString(TlsKeys.PRINCIPAL_MAPPING_RULES);
    try {
      SslPrincipalMapper.fromRules(rules);
    } catch (IllegalArgumentException e) {
      problems.add(TlsKeys.PRINCIPAL_MAPPING_RULES + ": " + e.getMessage());
    }
  }

  private void checkKey(ListenerSettings listener) {
    boolean hasKey =
        listener.getOptional(TlsKeys.KEYSTORE_LOCATION).isPresent()
            || listener.getOptional(TlsKeys.KEYSTORE_KEY).isPresent();
    if (!hasKey) {
      problems.add(
          "ssl.keystore.location: the listener %s speaks %s and needs a key and certificate; set it, or %s"
              .formatted(
                  listener.name(), listener.protocol(), listener.own(TlsKeys.KEYSTORE_LOCATION)));
    }
  }

  private void checkMechanisms(ListenerSettings listener) {
    List<String> mechanisms = listener.mechanisms();
    if (mechanisms.isEmpty()) {
      problems.add(
          "sasl.enabled.mechanisms: the listener %s needs at least one".formatted(listener.name()));
    }
    for (String mechanism : mechanisms) {
      if (!SaslKeys.MECHANISMS.contains(mechanism)) {
        problems.add(
            "sasl.enabled.mechanisms: %s is not served, only PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER are"
                .formatted(mechanism));
      } else {
        checkHandler(listener, mechanism);
      }
    }
    if (mechanisms.contains("PLAIN")
        && listener.ofMechanism("PLAIN", SaslKeys.JAAS_CONFIG).isEmpty()) {
      problems.add(
          ListenerKeys.own(listener.name(), "plain." + SaslKeys.JAAS_CONFIG)
              + ": PLAIN has no users without it");
    }
    if (mechanisms.contains("OAUTHBEARER")) {
      checkTokens(listener);
    }
  }

  private void checkHandler(ListenerSettings listener, String mechanism) {
    Optional<String> handler =
        listener
            .ofMechanism(mechanism, SaslKeys.CALLBACK_HANDLER)
            .or(() -> config.getOptional(SaslKeys.CALLBACK_HANDLER));
    if (handler.isPresent() && !KNOWN_HANDLERS.contains(handler.get())) {
      problems.add(
          "sasl.server.callback.handler.class: %s cannot be loaded, only Kafka's own are known"
              .formatted(handler.get()));
    }
  }

  private void checkTokens(ListenerSettings listener) {
    if (listener.getOptional(SaslKeys.JWKS_URL).isEmpty()) {
      problems.add(SaslKeys.JWKS_URL + ": OAUTHBEARER cannot check a token without keys");
    }
    if (listener.getOptional(SaslKeys.EXPECTED_ISSUER).isEmpty()
        && !listener.getBoolean(SaslKeys.ALLOW_UNVERIFIED_ISSUER)) {
      problems.add(
          "%s: must be set, or %s be true"
              .formatted(SaslKeys.EXPECTED_ISSUER, SaslKeys.ALLOW_UNVERIFIED_ISSUER));
    }
    if (listener.getList(SaslKeys.EXPECTED_AUDIENCE).isEmpty()
        && !listener.getBoolean(SaslKeys.ALLOW_UNVERIFIED_AUDIENCE)) {
      problems.add(
          "%s: must be set, or %s be true"
              .formatted(SaslKeys.EXPECTED_AUDIENCE, SaslKeys.ALLOW_UNVERIFIED_AUDIENCE));
    }
  }

  /** What a listener speaks; empty where that is not said, which {@link #run} complains of. */
  static Optional<SecurityProtocol> speaks(NodeConfig config, String listener) {
    try {
      return Optional.of(config.listener(listener).protocol());
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  private void checkAuthorisation() {
    boolean isOn = !config.getString(AuthorisationKeys.AUTHORIZER).isBlank();
    if (!isOn && !config.getString(AuthorisationKeys.SUPER_USERS).isBlank()) {
      problems.add(
          "super.users: nobody is held back unless authorizer.class.name is "
              + AuthorisationKeys.STANDARD);
    }
    try {
      SuperUsers.parse(config.getString(AuthorisationKeys.SUPER_USERS));
    } catch (ConfigException e) {
      problems.add(e.getMessage());
    }
  }
}
