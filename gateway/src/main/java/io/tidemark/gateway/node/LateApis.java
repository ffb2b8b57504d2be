package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.Dispatcher;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.RequestHandler;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.net.ServedApis;

/**
 * The APIs of listeners that are made before what they serve. Set once, before the listeners are
 * opened; until then nothing is served.
 */
final class LateApis implements RequestHandler {
  private record Serving(ServedApis apis, Dispatcher dispatcher) {
    static Serving of(ApiTable table) {
      return new Serving(table.served(), new Dispatcher(table));
    }
  }

  /** Volatile because the wiring sets it and event loops read it. */
  private volatile Serving serving = Serving.of(ApiTable.builder().build());

  void serve(ApiTable table) {
    serving = Serving.of(table);
  }

  ServedApis served() {
    return serving.apis();
  }

  @Override
  public void handle(Request request, Responder responder) {
    serving.dispatcher().handle(request, responder);
  }
}
