package io.tidemark.gateway.node;

import io.tidemark.gateway.net.Responder;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Completes a future with the answer as a client would read it. */
record MemoryResponder(ApiKeys key, short version, CompletableFuture<ApiMessage> answer)
    implements Responder {

  @Override
  public void respond(ApiMessage body) {
    try {
      answer.complete(WireCopy.response(key, version, body));
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  @Override
  public void noResponse() {
    answer.completeExceptionally(new IllegalStateException("no answer was due"));
  }

  @Override
  public void close(String why) {
    answer.completeExceptionally(new DisconnectException(why));
  }

  @Override
  public void appended() {}
}
