package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the answer of a request once it is known, or the error that its API has for what went
 * wrong.
 */
public final class Answers {
  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /** Answers when the future completes, on whatever thread that is. */
  public static void when(
      CompletableFuture<? extends ApiMessage> answer, Request request, Responder responder) {
    answer.whenComplete((body, failure) -> {
      if (failure == null) {
        responder.respond(body);
      } else {
        failed(failure, request, responder);
      }
    });
  }

  /** Answers with the API's error response; closes the connection when the API has none. */
  public static void failed(Throwable failure, Request request, Responder responder) {
    if (ProtocolErrors.isBug(ProtocolErrors.of(failure))) {
      log.error(
          "{} v{} failed", request.apiKey(), request.apiVersion(), ProtocolErrors.cause(failure));
    }
    AbstractResponse response =
        request.body().getErrorResponse(0, ProtocolErrors.asApiException(failure));
    if (response == null) {
      responder.close("no answer to " + request.apiKey() + ": " + failure.getMessage());
    } else {
      responder.respond(response.data());
    }
  }
}
