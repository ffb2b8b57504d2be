package io.tidemark.gateway.forward;

import io.tidemark.gateway.api.Answers;
import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.forward.Routes.Nowhere;
import io.tidemark.gateway.forward.Routes.Route;
import io.tidemark.gateway.forward.Routes.To;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Passes on requests that are one node's matter: a coordinator's, or any node's. A lost answer ends
 * the client's connection, as it would have ended without a gateway.
 */
final class WholeForward implements ApiHandler {
  private final Forwarder forwarder;
  private final Function<Request, Route> router;
  private final Errors whenNotSent;

  WholeForward(Forwarder forwarder, Function<Request, Route> router, Errors whenNotSent) {
    this.forwarder = forwarder;
    this.router = router;
    this.whenNotSent = whenNotSent;
  }

  @Override
  public void handle(Request request, Responder responder) {
    switch (router.apply(request)) {
      case Nowhere(Errors error) -> Answers.failed(error.exception(), request, responder);
      case To(int nodeId) ->
          forwarder.send(
              nodeId, request, request.body().data(), reply -> replied(reply, request, responder));
    }
  }

  private void replied(Reply reply, Request request, Responder responder) {
    switch (reply) {
      case Reply.Answered(ApiMessage body) -> responder.respond(body);
      case Reply.Done() -> responder.noResponse();
      case Reply.NotSent(String why) -> Answers.failed(whenNotSent.exception(), request, responder);
      case Reply.Lost(String why) ->
          responder.close("the answer to " + request.apiKey() + " is lost: " + why);
      case Reply.Refused(Errors error) ->
          responder.close("its " + request.apiKey() + " was refused with " + error);
    }
  }
}
