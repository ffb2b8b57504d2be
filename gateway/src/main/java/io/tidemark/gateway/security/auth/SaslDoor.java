package io.tidemark.gateway.security.auth;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import javax.security.sasl.SaslServer;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SaslAuthenticationContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder;
import org.apache.kafka.common.security.authenticator.SaslInternalConfigs;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.common.security.ssl.SslPrincipalMapper;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** The SASL mechanisms of one listener. */
final class SaslDoor implements Door {
  static final long FOR_EVER = Long.MAX_VALUE;

  /** A mechanism of a listener's: makes a server for each exchange. */
  record Mechanism(String name, long maxReauthMs, Supplier<SaslServer> servers) {}

  private final String listener;
  private final SecurityProtocol protocol;
  private final List<String> names;
  private final Map<String, Mechanism> mechanisms;
  private final Time time;
  private final DefaultKafkaPrincipalBuilder principals =
      new DefaultKafkaPrincipalBuilder(null, SslPrincipalMapper.fromRules("DEFAULT"));

  SaslDoor(
      String listener,
      SecurityProtocol protocol,
      List<String> names,
      Map<String, Mechanism> mechanisms,
      Time time) {
    this.listener = listener;
    this.protocol = protocol;
    this.names = List.copyOf(names);
    this.mechanisms = Map.copyOf(mechanisms);
    this.time = time;
  }

  @Override
  public Authentication open(InetAddress client) {
    return new SaslAuthentication(this, client);
  }

  Time time() {
    return time;
  }

  List<String> mechanisms() {
    return names;
  }

  SaslServer server(String mechanism) {
    return mechanism(mechanism).servers.get();
  }

  private Mechanism mechanism(String name) {
    Mechanism found = mechanisms.get(name);
    if (found == null) {
      throw new IllegalStateException("no mechanism " + name);
    }
    return found;
  }

  /** Whom a completed exchange was with. */
  KafkaPrincipal principal(SaslServer server, InetAddress client, @Nullable SSLSession session) {
    KafkaPrincipal principal =
        principals.build(
            new SaslAuthenticationContext(
                server, protocol, client, listener, Optional.ofNullable(session)));
    Object byToken = server.getNegotiatedProperty(ScramLoginModule.TOKEN_AUTH_CONFIG);
    if (Boolean.parseBoolean(String.valueOf(byToken))) { // a text, as the client sent it
      principal.tokenAuthenticated(true);
    }
    return principal;
  }

  /** How long an authentication holds: the shorter of the credential's time and the setting. */
  long lifetimeMs(String mechanism, SaslServer server) {
    long lifeMs = FOR_EVER;
    long maxReauthMs = mechanism(mechanism).maxReauthMs;
    if (maxReauthMs > 0) {
      lifeMs = maxReauthMs;
    }
    Object expires =
        server.getNegotiatedProperty(
            SaslInternalConfigs.CREDENTIAL_LIFETIME_MS_SASL_NEGOTIATED_PROPERTY_KEY);
    if (expires instanceof Long expiresMs) {
      lifeMs = Math.min(lifeMs, Math.max(0, expiresMs - time.milliseconds()));
    }
    return lifeMs;
  }
}
