package io.tidemark.gateway.security.auth;

import io.tidemark.gateway.config.ListenerSettings;
import io.tidemark.gateway.config.SaslKeys;
import io.tidemark.gateway.config.TlsKeys;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import javax.security.sasl.SaslServer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SslAuthenticationContext;
import org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder;
import org.apache.kafka.common.security.oauthbearer.internals.OAuthBearerSaslServer;
import org.apache.kafka.common.security.plain.internals.PlainSaslServer;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramSaslServer;
import org.apache.kafka.common.security.ssl.SslPrincipalMapper;
import org.apache.kafka.common.utils.Time;

/** Makes the {@link Door} of each listener from its settings. */
public final class Doors {
  private final ScramUsers users;
  private final Supplier<ScheduledExecutorService> keyReader;
  private final Time time;

  /**
   * @param keyReader makes the thread that reads the keys of tokens, where there are tokens
   */
  public Doors(ScramUsers users, Supplier<ScheduledExecutorService> keyReader, Time time) {
    this.users = users;
    this.keyReader = keyReader;
    this.time = time;
  }

  /** Throws {@link ConfigException} where the settings do not say enough. */
  public Door open(ListenerSettings listener) {
    return switch (listener.protocol()) {
      case PLAINTEXT -> Door.OPEN;
      case SSL -> certificates(listener);
      case SASL_PLAINTEXT, SASL_SSL -> sasl(listener);
    };
  }

  private static Door certificates(ListenerSettings listener) {
    DefaultKafkaPrincipalBuilder builder =
        new DefaultKafkaPrincipalBuilder(
            null,
            SslPrincipalMapper.fromRules(listener.getString(TlsKeys.PRINCIPAL_MAPPING_RULES)));
    return client -> {
      Function<SSLSession, KafkaPrincipal> names =
          session -> builder.build(new SslAuthenticationContext(session, client, listener.name()));
      return new CertificateAuthentication(names);
    };
  }

  private Door sasl(ListenerSettings listener) {
    Map<String, SaslDoor.Mechanism> mechanisms = new HashMap<>();
    for (String name : listener.mechanisms()) {
      mechanisms.put(
          name, new SaslDoor.Mechanism(name, listener.maxReauthMs(name), servers(listener, name)));
    }
    return new SaslDoor(
        listener.name(), listener.protocol(), listener.mechanisms(), mechanisms, time);
  }

  private Supplier<SaslServer> servers(ListenerSettings listener, String mechanism) {
    return switch (mechanism) {
      case "PLAIN" -> {
        PlainUsers plain =
            PlainUsers.parse(
                listener.name(), listener.ofMechanism(mechanism, SaslKeys.JAAS_CONFIG).orElse(""));
        yield () -> new PlainSaslServer(plain);
      }
      case "OAUTHBEARER" -> {
        TokenCallbacks tokens = tokens(listener);
        yield () -> new OAuthBearerSaslServer(tokens);
      }
      default -> scram(ScramMechanism.forMechanismName(mechanism));
    };
  }

  private Supplier<SaslServer> scram(ScramMechanism mechanism) {
    ScramCallbacks callbacks = new ScramCallbacks(mechanism, users);
    return () -> {
      try {
        return new ScramSaslServer(mechanism, Map.of(), callbacks);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has " + mechanism.hashAlgorithm(), e);
      }
    };
  }

  private TokenCallbacks tokens(ListenerSettings listener) {
    JwtValidator validator =
        new JwtValidator(
            new JwtValidator.Expected(
                listener.getOptional(SaslKeys.EXPECTED_ISSUER).orElse(null),
                listener.getList(SaslKeys.EXPECTED_AUDIENCE),
                listener.getString(SaslKeys.SUBJECT_CLAIM),
                listener.getInt(SaslKeys.CLOCK_SKEW_SECONDS)));
    JsonWebKeySource keys =
        JsonWebKeySource.open(
            SaslKeys.JWKS_URL,
            listener.getString(SaslKeys.JWKS_URL),
            listener.getLong(SaslKeys.JWKS_REFRESH_MS),
            keyReader.get(),
            time);
    return new TokenCallbacks(validator, keys, time);
  }
}
