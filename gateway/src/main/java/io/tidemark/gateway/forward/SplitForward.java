package io.tidemark.gateway.forward;

import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.forward.Routes.Nowhere;
import io.tidemark.gateway.forward.Routes.Route;
import io.tidemark.gateway.forward.Routes.To;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Passes on requests whose parts are several nodes' matter: to each node what is its own, and one
 * answer when the last has answered. A request that is one node's goes there as it is.
 */
final class SplitForward<K, Q extends ApiMessage, A extends ApiMessage> implements ApiHandler {
  private final Forwarder forwarder;
  private final SplitApi<K, Q, A> api;
  private final Function<K, Route> router;
  private final ObjIntConsumer<A> attribution;
  private final BiConsumer<Request, A> amendment;

  SplitForward(Forwarder forwarder, SplitApi<K, Q, A> api, Function<K, Route> router) {
    this(forwarder, api, router, (request, answer) -> {});
  }

  /**
   * @param amendment of the whole answer, before the client gets it
   */
  SplitForward(
      Forwarder forwarder,
      SplitApi<K, Q, A> api,
      Function<K, Route> router,
      BiConsumer<Request, A> amendment) {
    this(forwarder, api, router, (answer, nodeId) -> {}, amendment);
  }

  /**
   * @param attribution of what a node answered, where the whole answer shows whose each piece is
   */
  SplitForward(
      Forwarder forwarder,
      SplitApi<K, Q, A> api,
      Function<K, Route> router,
      ObjIntConsumer<A> attribution,
      BiConsumer<Request, A> amendment) {
    this.forwarder = forwarder;
    this.api = api;
    this.router = router;
    this.attribution = attribution;
    this.amendment = amendment;
  }

  @Override
  public void handle(Request request, Responder responder) {
    Q whole = api.requestType().cast(request.body().data());
    Map<Route, Set<K>> byRoute = new LinkedHashMap<>();
    List<K> parts = api.parts().apply(whole);
    for (K part : parts) {
      byRoute.computeIfAbsent(router.apply(part), any -> new LinkedHashSet<>()).add(part);
    }
    if (byRoute.isEmpty()) {
      nothingAsked(InnerRequest.of(request, whole), responder);
      return;
    }
    request.retain();
    Joining joining = new Joining(request, responder, byRoute.size());
    byRoute.forEach((route, own) -> {
      Q part = byRoute.size() == 1 ? whole : api.only().apply(whole, own::contains);
      pass(request, route, part, joining);
    });
    responder.appended();
  }

  /** The API's answer about no part at all. */
  private static void nothingAsked(InnerRequest empty, Responder responder) {
    ApiMessage answer = empty.failure(Errors.COORDINATOR_NOT_AVAILABLE.exception());
    if (answer == null) {
      responder.noResponse();
    } else {
      responder.respond(answer);
    }
  }

  private void pass(Request request, Route route, Q part, Joining joining) {
    InnerRequest inner = InnerRequest.of(request, part);
    switch (route) {
      case Nowhere(Errors error) -> joining.refused(inner, error);
      case To(int nodeId) ->
          forwarder.send(
              nodeId,
              request.connection(),
              inner,
              reply -> joining.replied(inner, attributed(reply, nodeId)));
    }
  }

  private Reply attributed(Reply reply, int nodeId) {
    if (reply instanceof Reply.Answered(ApiMessage body)) {
      attribution.accept(api.answerType().cast(body), nodeId);
    }
    return reply;
  }

  /** The answers to one request's parts, on the client's loop. */
  private final class Joining {
    private final Request request;
    private final Responder responder;
    private int missing;
    private @Nullable A answer;

    Joining(Request request, Responder responder, int missing) {
      this.request = request;
      this.responder = responder;
      this.missing = missing;
    }

    void replied(InnerRequest inner, Reply reply) {
      switch (reply) {
        case Reply.Answered(ApiMessage body) -> add(api.answerType().cast(body));
        case Reply.Done() -> done();
        case Reply.NotSent(String why) -> refused(inner, api.whenNotSent());
        case Reply.Lost(String why) -> {
          if (api.whenLost() == Errors.NONE) {
            responder.close("the answer to " + inner.key() + " is lost: " + why);
            done();
          } else {
            refused(inner, api.whenLost());
          }
        }
        case Reply.Refused(Errors error) -> {
          responder.close("its " + inner.key() + " was refused with " + error);
          done();
        }
      }
    }

    /** As the API itself says it; where it says nothing the connection ends, as Kafka's does. */
    void refused(InnerRequest inner, Errors error) {
      ApiMessage failure = inner.failure(error.exception());
      if (failure == null) {
        responder.close("its " + inner.key() + " failed with " + error);
        done();
      } else {
        add(api.answerType().cast(failure));
      }
    }

    private void add(A more) {
      A known = answer;
      if (known == null) {
        answer = more;
      } else {
        api.join().accept(known, more);
      }
      done();
    }

    private void done() {
      missing--;
      if (missing > 0) {
        return;
      }
      request.release();
      A whole = answer;
      if (whole != null) {
        amendment.accept(request, whole);
        responder.respond(whole);
      } else {
        responder.noResponse();
      }
    }
  }
}
