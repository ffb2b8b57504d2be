package io.tidemark.gateway.security.auth;

import io.tidemark.gateway.config.ListenerSettings;
import io.tidemark.gateway.config.NodeLogin;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.oauthbearer.internals.OAuthBearerSaslClient;
import org.apache.kafka.common.security.scram.ScramExtensionsCallback;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramSaslClient;

/** Makes this node's {@link Login} to others' listeners from the settings of those listeners. */
public final class Logins {
  private static final String SERVICE = "kafka";

  private final Supplier<ScheduledExecutorService> tokenReader;

  /**
   * @param tokenReader makes the thread that fetches tokens, where there are tokens
   */
  public Logins(Supplier<ScheduledExecutorService> tokenReader) {
    this.tokenReader = tokenReader;
  }

  /** Throws {@link ConfigException} where the settings do not say enough. */
  public Login open(ListenerSettings listener, String mechanism) {
    return switch (NodeLogin.of(listener, mechanism)) {
      case NodeLogin.UserAndPassword own -> new PasswordLogin(mechanism, own);
      case NodeLogin.Token token -> new TokenLogin(TokenSource.open(token, tokenReader.get()));
    };
  }

  /** PLAIN by the JDK's client, SCRAM by kafka-clients'. */
  private record PasswordLogin(String mechanism, NodeLogin.UserAndPassword own)
      implements Login, CallbackHandler {

    @Override
    public SaslClient begin() throws SaslException {
      if (mechanism.equals("PLAIN")) {
        String[] plain = {mechanism};
        return Sasl.createSaslClient(plain, null, SERVICE, null, Map.of(), this);
      }
      try {
        return new ScramSaslClient(ScramMechanism.forMechanismName(mechanism), this);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has what " + mechanism + " needs", e);
      }
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
      for (Callback callback : callbacks) {
        switch (callback) {
          case NameCallback name -> name.setName(own.user());
          case PasswordCallback password -> password.setPassword(own.password().toCharArray());
          case ScramExtensionsCallback extensions -> extensions.extensions(Map.of());
          default -> throw new UnsupportedCallbackException(callback);
        }
      }
    }
  }

  /** OAUTHBEARER with the token there is now. */
  private record TokenLogin(TokenSource tokens) implements Login {

    @Override
    public String mechanism() {
      return "OAUTHBEARER";
    }

    @Override
    public SaslClient begin() throws SaslException {
      return new OAuthBearerSaslClient(new OwnToken(tokens.token()));
    }
  }
}
