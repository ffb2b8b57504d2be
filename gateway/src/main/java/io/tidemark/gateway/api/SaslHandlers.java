package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * SaslHandshake and SaslAuthenticate where they do not belong: connections answer them themselves
 * while somebody authenticates, so what comes this far came to a listener without SASL or too soon
 * after the last time.
 */
public final class SaslHandlers {
  private SaslHandlers() {}

  public static void handshake(Request request, Responder responder) {
    responder.respond(
        new SaslHandshakeResponseData().setErrorCode(Errors.ILLEGAL_SASL_STATE.code()));
  }

  public static void authenticate(Request request, Responder responder) {
    responder.respond(
        new SaslAuthenticateResponseData()
            .setErrorCode(Errors.ILLEGAL_SASL_STATE.code())
            .setErrorMessage("Nobody is asked to authenticate here and now"));
  }
}
