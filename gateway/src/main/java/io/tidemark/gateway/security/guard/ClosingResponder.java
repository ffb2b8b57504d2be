package io.tidemark.gateway.security.guard;

import io.tidemark.gateway.net.Responder;
import org.apache.kafka.common.protocol.ApiMessage;

/** Closes the connection where there would have been no answer: how acks=0 learns of an error. */
final class ClosingResponder implements Responder {
  private final Responder responder;
  private final String why;

  ClosingResponder(Responder responder, String why) {
    this.responder = responder;
    this.why = why;
  }

  @Override
  public void respond(ApiMessage body) {
    responder.respond(body);
  }

  @Override
  public void noResponse() {
    responder.close(why);
  }

  @Override
  public void close(String reason) {
    responder.close(reason);
  }

  @Override
  public void appended() {
    responder.appended();
  }
}
