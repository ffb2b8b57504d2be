package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.RequestHandler;
import io.tidemark.gateway.net.Responder;

/**
 * Hands each request to the handler of its API. Frame limits and versions were checked by the
 * connection, which knows the same {@link ApiTable}, as was who sends them; the guards of the table
 * decide what they may do. What they use is counted by the connection, where answers leave.
 */
public final class Dispatcher implements RequestHandler {
  private final ApiTable apis;

  public Dispatcher(ApiTable apis) {
    this.apis = apis;
  }

  @Override
  public void handle(Request request, Responder responder) {
    ApiTable.Entry entry = apis.entries().get(request.apiKey());
    if (entry == null) {
      responder.close(request.apiKey() + " is not served");
      return;
    }
    try {
      entry.handler().handle(request, responder);
    } catch (RuntimeException e) {
      Answers.failed(e, request, responder);
    }
  }
}
