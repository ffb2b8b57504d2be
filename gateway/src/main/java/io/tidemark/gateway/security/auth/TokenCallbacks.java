package io.tidemark.gateway.security.auth;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerExtensionsValidatorCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges tokens for kafka-clients' OAUTHBEARER server. Safe from any thread. */
final class TokenCallbacks implements AuthenticateCallbackHandler {
  private static final Logger log = LoggerFactory.getLogger(TokenCallbacks.class);
  private static final String INVALID_TOKEN = "invalid_token"; // RFC 6750

  /** A good token. */
  private record Token(String value, JwtValidator.Claims claims) implements OAuthBearerToken {
    @Override
    public Set<String> scope() {
      return Set.of();
    }

    @Override
    public long lifetimeMs() {
      return claims.expiresMs();
    }

    @Override
    public String principalName() {
      return claims.subject();
    }

    @Override
    public Long startTimeMs() {
      return claims.issuedMs();
    }
  }

  private final JwtValidator validator;
  private final JsonWebKeySource keys;
  private final Time time;

  TokenCallbacks(JwtValidator validator, JsonWebKeySource keys, Time time) {
    this.validator = validator;
    this.keys = keys;
    this.time = time;
  }

  @Override
  public void configure(
      Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> jaasEntries) {
    // everything came in through the constructor
  }

  @Override
  public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    for (Callback callback : callbacks) {
      switch (callback) {
        case OAuthBearerValidatorCallback asked -> validate(asked);
        case OAuthBearerExtensionsValidatorCallback asked ->
            asked.inputExtensions().map().keySet().forEach(asked::valid);
        default -> throw new UnsupportedCallbackException(callback);
      }
    }
  }

  private void validate(OAuthBearerValidatorCallback asked) {
    String value = asked.tokenValue();
    try {
      asked.token(new Token(value, validator.validate(value, keys.keys(), time.milliseconds())));
    } catch (JwtValidator.InvalidTokenException e) {
      log.debug("A token was not taken: {}", e.getMessage());
      if (e.isKeyUnknown()) {
        keys.refreshSoon();
      }
      asked.error(INVALID_TOKEN, null, null);
    }
  }

  @Override
  public void close() {
    // the source of keys ends with its executor
  }
}
