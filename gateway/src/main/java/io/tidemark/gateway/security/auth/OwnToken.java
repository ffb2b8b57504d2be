package io.tidemark.gateway.security.auth;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensions;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;

/** Gives this node's token to kafka-clients' OAUTHBEARER client; who checks it is elsewhere. */
record OwnToken(String value) implements AuthenticateCallbackHandler, OAuthBearerToken {

  @Override
  public void configure(
      Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> jaasEntries) {
    // everything came in through the constructor
  }

  @Override
  public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    for (Callback callback : callbacks) {
      switch (callback) {
        case OAuthBearerTokenCallback asked -> asked.token(this);
        case SaslExtensionsCallback asked -> asked.extensions(SaslExtensions.empty());
        default -> throw new UnsupportedCallbackException(callback);
      }
    }
  }

  @Override
  public Set<String> scope() {
    return Set.of();
  }

  /** Not looked into here: the other side says how long the login holds. */
  @Override
  public long lifetimeMs() {
    return Long.MAX_VALUE;
  }

  @Override
  public String principalName() {
    return "";
  }

  @Override
  public Long startTimeMs() {
    return 0L;
  }

  @Override
  public void close() {
    // a text
  }

  @Override
  public String toString() {
    return "a token"; // never its text
  }
}
