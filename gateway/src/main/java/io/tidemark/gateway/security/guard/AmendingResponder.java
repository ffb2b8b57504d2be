package io.tidemark.gateway.security.guard;

import io.tidemark.gateway.net.Responder;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiMessage;

/** Changes an answer before it goes its way; the rest it passes on. */
final class AmendingResponder implements Responder {
  private final Responder responder;
  private final Consumer<ApiMessage> amendment;

  AmendingResponder(Responder responder, Consumer<ApiMessage> amendment) {
    this.responder = responder;
    this.amendment = amendment;
  }

  @Override
  public void respond(ApiMessage body) {
    amendment.accept(body);
    responder.respond(body);
  }

  @Override
  public void noResponse() {
    responder.noResponse();
  }

  @Override
  public void close(String why) {
    responder.close(why);
  }

  @Override
  public void appended() {
    responder.appended();
  }
}
