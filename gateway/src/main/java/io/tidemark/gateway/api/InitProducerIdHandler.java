package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.InitProducerIdRequest;

/**
 * InitProducerId for idempotent producers. Transactional ones are refused for good, so that they
 * stop rather than retry.
 */
public final class InitProducerIdHandler implements ApiHandler {
  private static final short FIRST_EPOCH = 0;

  private final ProducerIds ids;

  public InitProducerIdHandler(ProducerIds ids) {
    this.ids = ids;
  }

  @Override
  public void handle(Request request, Responder responder) {
    InitProducerIdRequestData asked = ((InitProducerIdRequest) request.body()).data();
    Errors refusal = refusal(asked);
    if (refusal != Errors.NONE) {
      Answers.failed(refusal.exception(), request, responder);
      return;
    }
    Answers.when(
        ids.next()
            .thenApply(id ->
                new InitProducerIdResponseData().setProducerId(id).setProducerEpoch(FIRST_EPOCH)),
        request,
        responder);
  }

  private static Errors refusal(InitProducerIdRequestData asked) {
    if (asked.transactionalId() == null) {
      return Errors.NONE;
    }
    return asked.transactionalId().isEmpty()
        ? Errors.INVALID_REQUEST
        : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
  }
}
