package io.tidemark.tests.security;

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

/** Logs a client in with the token of its JAAS text, as it stands. */
public final class GivenToken implements AuthenticateCallbackHandler {
  private static final long A_DAY_MS = 86_400_000;

  private String token = "";

  /** Good for a day, whatever it says: the node is to judge. */
  private record Given(String value) implements OAuthBearerToken {
    @Override
    public Set<String> scope() {
      return Set.of();
    }

    @Override
    public long lifetimeMs() {
      return System.currentTimeMillis() + A_DAY_MS;
    }

    @Override
    public String principalName() {
      return "somebody";
    }

    @Override
    public Long startTimeMs() {
      return System.currentTimeMillis();
    }
  }

  @Override
  public void configure(
      Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
    token = String.valueOf(entries.getFirst().getOptions().get("token"));
  }

  @Override
  public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    for (Callback callback : callbacks) {
      switch (callback) {
        case OAuthBearerTokenCallback asked -> asked.token(new Given(token));
        case SaslExtensionsCallback asked -> asked.extensions(SaslExtensions.empty());
        default -> throw new UnsupportedCallbackException(callback);
      }
    }
  }

  @Override
  public void close() {}
}
