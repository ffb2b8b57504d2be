package io.tidemark.gateway.peer;

import io.tidemark.gateway.security.auth.Login;
import java.util.Optional;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/**
 * One login over one connection, as Kafka's clients do it: one request after the other, each made
 * of the answer before. Used on the peers' thread.
 *
 * <pre>
 *   SaslHandshake(mechanism) ──► SaslAuthenticate(token) ──► … ──► done, for a time
 * </pre>
 *
 * Every failure leaves as {@link SaslAuthenticationException}.
 */
final class LoginDialogue {
  /** A session that does not end. */
  static final long FOR_EVER = 0;

  private final Login login;
  private final SaslClient client;
  private @Nullable PeerCall asked;
  private long lifetimeMs = FOR_EVER;

  LoginDialogue(Login login) {
    this.login = login;
    try {
      this.client = login.begin();
    } catch (SaslException e) {
      throw failed(String.valueOf(e.getMessage()), e);
    }
  }

  /** The request with which it begins. */
  PeerCall first() {
    return asking(
        new PeerCall(
            ApiKeys.SASL_HANDSHAKE,
            new SaslHandshakeRequestData().setMechanism(login.mechanism())));
  }

  boolean asked(PeerCall call) {
    return call == asked;
  }

  /** What is to be sent next; empty when the login is done. */
  Optional<PeerCall> next(AbstractResponse answer) {
    try {
      return switch (answer.data()) {
        case SaslHandshakeResponseData handshake -> begun(handshake);
        case SaslAuthenticateResponseData response -> proceed(response);
        default -> throw new IllegalStateException("no answer to a login: " + answer);
      };
    } catch (SaslException e) {
      throw failed(String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<PeerCall> begun(SaslHandshakeResponseData handshake) throws SaslException {
    if (handshake.errorCode() != Errors.NONE.code()) {
      throw failed(
          "%s, it takes %s"
              .formatted(Errors.forCode(handshake.errorCode()).message(), handshake.mechanisms()),
          null);
    }
    byte[] nothing = {};
    byte[] token = client.hasInitialResponse() ? client.evaluateChallenge(nothing) : nothing;
    return Optional.of(showing(token));
  }

  private Optional<PeerCall> proceed(SaslAuthenticateResponseData response) throws SaslException {
    if (response.errorCode() != Errors.NONE.code()) {
      throw failed(String.valueOf(response.errorMessage()), null);
    }
    if (!client.isComplete()) {
      byte[] token = client.evaluateChallenge(response.authBytes());
      if (token != null) {
        return Optional.of(showing(token));
      }
    }
    if (!client.isComplete()) {
      throw failed("it ended before it was complete", null);
    }
    lifetimeMs = response.sessionLifetimeMs();
    client.dispose();
    return Optional.empty();
  }

  private PeerCall showing(byte[] token) {
    return asking(
        new PeerCall(
            ApiKeys.SASL_AUTHENTICATE, new SaslAuthenticateRequestData().setAuthBytes(token)));
  }

  private PeerCall asking(PeerCall call) {
    asked = call;
    return call;
  }

  /** After how long the other side wants it again, or {@link #FOR_EVER}. */
  long lifetimeMs() {
    return lifetimeMs;
  }

  private SaslAuthenticationException failed(String why, @Nullable Throwable cause) {
    return new SaslAuthenticationException(
        "The login by %s failed: %s".formatted(login.mechanism(), why), cause);
  }
}
