package io.tidemark.gateway.security.auth;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.SaslAuthenticateRequest;
import org.apache.kafka.common.requests.SaslHandshakeRequest;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * SASL on one connection, as Kafka speaks it.
 *
 * <pre>
 *   Initial ──SaslHandshake──► Exchanging ──tokens──► Known ──SaslHandshake──► Exchanging (again)
 *      │ mechanism not served      │ wrong               │ its time is over        │ wrong, or
 *      └───────────────────────────┴──► Failed           └──► refused              └ another user
 * </pre>
 *
 * After SaslHandshake v0 tokens come bare, else in SaslAuthenticate. Whoever authenticates again
 * (KIP-368) must be the same principal by the same mechanism.
 */
final class SaslAuthentication implements Authentication {
  private static final Admission PASSED = new Admission.Passed();
  private static final Admission TAKEN = new Admission.Taken();
  private static final long AGAIN_AT_MOST_EVERY_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long NEVER = Long.MAX_VALUE;
  private static final short OLDEST_HANDSHAKE_WITH_REQUESTS = 1;

  /** Somebody who has authenticated, until {@code endsNs} or {@link #NEVER}. */
  private record Identity(KafkaPrincipal principal, String mechanism, long endsNs) {}

  private sealed interface State {}

  private record Initial() implements State {}

  /**
   * @param bare whether tokens come without requests
   * @param before who authenticates again
   */
  private record Exchanging(
      String mechanism, SaslServer server, boolean bare, @Nullable Identity before)
      implements State {}

  private record Known(Identity identity) implements State {}

  private record Failed() implements State {}

  private final SaslDoor door;
  private final InetAddress client;
  private @Nullable SSLSession session;
  private State state = new Initial();
  private long againNs;
  private boolean wasAgain;

  SaslAuthentication(SaslDoor door, InetAddress client) {
    this.door = door;
    this.client = client;
  }

  @Override
  public void encrypted(SSLSession encrypted) {
    session = encrypted;
  }

  @Override
  public KafkaPrincipal principal() {
    return switch (state) {
      case Known known -> known.identity.principal;
      case Exchanging exchanging -> principalOf(exchanging.before);
      case Initial _, Failed _ -> KafkaPrincipal.ANONYMOUS;
    };
  }

  private static KafkaPrincipal principalOf(@Nullable Identity identity) {
    return identity == null ? KafkaPrincipal.ANONYMOUS : identity.principal;
  }

  @Override
  public boolean isDone() {
    return state instanceof Known;
  }

  @Override
  public boolean takesBareTokens() {
    return state instanceof Exchanging exchanging && exchanging.bare;
  }

  @Override
  public Admission admit(ApiKeys api) {
    return switch (state) {
      case Initial _ -> admitFirst(api);
      case Exchanging _ ->
          api == ApiKeys.SASL_AUTHENTICATE ? TAKEN : refused(api, "in the middle of SASL");
      case Known known -> admitKnown(api, known.identity);
      case Failed _ -> refused(api, "after it failed to authenticate");
    };
  }

  private static Admission admitFirst(ApiKeys api) {
    return switch (api) {
      case API_VERSIONS -> PASSED;
      case SASL_HANDSHAKE -> TAKEN;
      default -> refused(api, "before it authenticated");
    };
  }

  private Admission admitKnown(ApiKeys api, Identity identity) {
    long nowNs = door.time().nanoseconds();
    if (api == ApiKeys.SASL_HANDSHAKE) {
      return mayBeginAgain(nowNs) ? TAKEN : PASSED;
    }
    return identity.endsNs != NEVER && nowNs - identity.endsNs >= 0
        ? refused(api, "after its session was over, and did not authenticate again")
        : PASSED;
  }

  private boolean mayBeginAgain(long nowNs) {
    if (wasAgain && nowNs - againNs < AGAIN_AT_MOST_EVERY_NS) {
      return false;
    }
    wasAgain = true;
    againNs = nowNs;
    return true;
  }

  private static Admission refused(ApiKeys api, String when) {
    return new Admission.Refused("it sent " + api + " " + when);
  }

  @Override
  public Reply answer(AbstractRequest request) {
    return switch (request) {
      case SaslHandshakeRequest handshake -> begin(handshake);
      case SaslAuthenticateRequest step -> proceed(step);
      default -> throw new IllegalStateException("taken by mistake: " + request.apiKey());
    };
  }

  private Reply begin(SaslHandshakeRequest request) {
    String mechanism = request.data().mechanism();
    SaslHandshakeResponseData response =
        new SaslHandshakeResponseData().setMechanisms(door.mechanisms());
    Identity before = state instanceof Known known ? known.identity : null;
    if (!door.mechanisms().contains(mechanism)) {
      state = new Failed();
      return Reply.failed(
          response.setErrorCode(Errors.UNSUPPORTED_SASL_MECHANISM.code()),
          "the SASL mechanism " + mechanism + " is not enabled here");
    }
    if (before != null && !before.mechanism.equals(mechanism)) {
      state = new Failed();
      return Reply.failed(
          response.setErrorCode(Errors.ILLEGAL_SASL_STATE.code()),
          "it came back by " + mechanism + " instead of " + before.mechanism);
    }
    boolean bare = request.version() < OLDEST_HANDSHAKE_WITH_REQUESTS;
    state = new Exchanging(mechanism, door.server(mechanism), bare, before);
    return Reply.of(response);
  }

  private Reply proceed(SaslAuthenticateRequest request) {
    Exchanging exchanging = exchanging();
    try {
      byte[] challenge = step(exchanging, request.data().authBytes());
      SaslAuthenticateResponseData response =
          new SaslAuthenticateResponseData().setAuthBytes(challenge);
      if (state instanceof Known known && known.identity.endsNs != NEVER) {
        response.setSessionLifetimeMs(
            TimeUnit.NANOSECONDS.toMillis(known.identity.endsNs - door.time().nanoseconds()));
      }
      return Reply.of(response);
    } catch (SaslAuthenticationException e) {
      return Reply.failed(
          new SaslAuthenticateResponseData()
              .setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code())
              .setErrorMessage(e.getMessage()),
          fail(exchanging));
    }
  }

  @Override
  public Reply answer(ByteBuffer token) {
    Exchanging exchanging = exchanging();
    byte[] bytes = new byte[token.remaining()];
    token.get(bytes);
    try {
      return new Reply(new Token(step(exchanging, bytes)), Optional.empty());
    } catch (SaslAuthenticationException e) {
      return new Reply(new Silence(), Optional.of(fail(exchanging)));
    }
  }

  private Exchanging exchanging() {
    if (state instanceof Exchanging exchanging) {
      return exchanging;
    }
    throw new IllegalStateException("a token in state " + state);
  }

  private String fail(Exchanging exchanging) {
    state = new Failed();
    return "it failed to authenticate by " + exchanging.mechanism;
  }

  /** One step; everything that is wrong with it leaves as one kind of exception. */
  private byte[] step(Exchanging exchanging, byte[] token) {
    SaslServer server = exchanging.server;
    try {
      byte[] challenge = server.evaluateResponse(token);
      if (server.isComplete()) {
        state = new Known(identity(exchanging));
        server.dispose();
      }
      return challenge == null ? new byte[0] : challenge;
    } catch (SaslAuthenticationException e) {
      throw e;
    } catch (SaslException | RuntimeException e) {
      throw new SaslAuthenticationException(
          "Authentication by " + exchanging.mechanism + " failed: the credentials are not valid");
    }
  }

  private Identity identity(Exchanging exchanging) {
    KafkaPrincipal principal = door.principal(exchanging.server, client, session);
    Identity before = exchanging.before;
    if (before != null && !before.principal.equals(principal)) {
      throw new SaslAuthenticationException(
          "Who authenticates again must be the same user, not another one");
    }
    long lifeMs = door.lifetimeMs(exchanging.mechanism, exchanging.server);
    long endsNs =
        lifeMs == SaslDoor.FOR_EVER
            ? NEVER
            : door.time().nanoseconds() + TimeUnit.MILLISECONDS.toNanos(lifeMs);
    return new Identity(principal, exchanging.mechanism, endsNs);
  }
}
