package io.tidemark.gateway.net;

import io.tidemark.gateway.security.auth.Authentication;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a frame that is taken up: a part of the client's authentication, a request for
 * {@link Connection} to have handled, or the end of the connection. Whose turn it is, the
 * connection has decided before. Used by the connection's loop alone.
 *
 * <pre>
 *   frame ─▶ bare token? ─▶ may this API come? ─▶ decoded ─▶ passed | authentication
 *               │ answered        │ no                │ no
 *               ▼                 ▼                   ▼
 *                          the connection ends
 * </pre>
 */
final class RequestIntake {
  private final Connection connection;
  private final ServedApis apis;
  private final ClientIdentity identity;
  private final ClientChannel channel;
  private final ConnectionClock clock;

  RequestIntake(
      Connection connection,
      ServedApis apis,
      ClientIdentity identity,
      ClientChannel channel,
      ConnectionClock clock) {
    this.connection = connection;
    this.apis = apis;
    this.identity = identity;
    this.channel = channel;
    this.clock = clock;
  }

  /**
   * Takes over the frame.
   *
   * @param overlaps whether it is a Produce, also one in an envelope
   */
  void take(Frame frame, boolean overlaps) {
    try {
      if (identity.takesBareTokens()) {
        takeToken(frame);
      } else {
        takeRequest(frame, overlaps);
      }
    } finally {
      frame.release();
    }
  }

  /** Nothing of a request is read but which API it asks for, until it is known that it may come. */
  private void takeRequest(Frame frame, boolean overlaps) {
    switch (admission(RequestDecoder.api(frame.buffer()))) {
      case Authentication.Admission.Passed _ -> decode(frame, overlaps, false);
      case Authentication.Admission.Taken _ -> decode(frame, overlaps, true);
      case Authentication.Admission.Refused(String why) ->
          connection.closeNow(CloseReason.AUTHENTICATION, why);
    }
  }

  /** An API that nobody knows is refused for that. */
  private Authentication.Admission admission(@Nullable ApiKeys api) {
    return api == null ? new Authentication.Admission.Passed() : identity.admit(api);
  }

  private void decode(Frame frame, boolean overlaps, boolean authenticates) {
    switch (RequestDecoder.decode(frame.buffer(), apis)) {
      case Decoded.Understood request -> {
        Exchange exchange =
            new Exchange(
                connection, request, frame, overlaps, clock.receivedNs(), identity.access());
        if (authenticates) {
          authenticate(exchange);
        } else {
          connection.handle(exchange);
        }
      }
      case Decoded.UnknownApiVersions unknown -> answerUnknownApiVersions(unknown);
      case Decoded.Refused refused ->
          connection.closeNow(CloseReason.INVALID_REQUEST, refused.why());
    }
  }

  private void authenticate(Exchange exchange) {
    connection.owes(exchange);
    Authentication.Reply reply = identity.answer(exchange.body());
    Runnable answer =
        () -> {
          if (reply.body() instanceof Authentication.Message(ApiMessage message)) {
            exchange.respond(message);
          }
        };
    reply.failure().ifPresentOrElse(why -> connection.reject(why, answer), answer);
  }

  /** Tokens come one at a time, each answered before the next is taken up. */
  private void takeToken(Frame frame) {
    Authentication.Reply reply = identity.answer(frame.buffer());
    if (reply.body() instanceof Authentication.Token(byte[] bytes)) {
      channel.write(bytes);
    }
    reply.failure().ifPresent(why -> connection.reject(why, () -> {}));
  }

  /**
   * KIP-511: version 0, naming the versions of ApiVersions itself, so that the client asks again.
   */
  private void answerUnknownApiVersions(Decoded.UnknownApiVersions request) {
    ApiVersionsResponseData body =
        new ApiVersionsResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code());
    ServedApis.Versions served = apis.versions(ApiKeys.API_VERSIONS);
    if (served != null) {
      body.apiKeys()
          .add(
              new ApiVersionsResponseData.ApiVersion()
                  .setApiKey(ApiKeys.API_VERSIONS.id)
                  .setMinVersion(served.oldest())
                  .setMaxVersion(served.latest()));
    }
    channel.writeOldest(request.correlationId(), body);
  }
}
