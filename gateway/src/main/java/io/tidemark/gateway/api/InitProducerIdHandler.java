package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.coordinator.transaction.TransactionCoordinator;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.requests.InitProducerIdRequest;

/**
 * InitProducerId: idempotent producers get an id, those with a transactional id what its
 * coordinator gives them.
 */
public final class InitProducerIdHandler implements ApiHandler {
  private static final short FIRST_EPOCH = 0;

  private final ProducerIds ids;
  private final TransactionCoordinator transactions;

  public InitProducerIdHandler(ProducerIds ids, TransactionCoordinator transactions) {
    this.ids = ids;
    this.transactions = transactions;
  }

  @Override
  public void handle(Request request, Responder responder) {
    InitProducerIdRequestData asked = ((InitProducerIdRequest) request.body()).data();
    Answers.when(
        asked.transactionalId() == null
            ? fresh()
            : transactions.initProducerId(request.apiVersion(), asked),
        request,
        responder);
  }

  private CompletableFuture<InitProducerIdResponseData> fresh() {
    return ids.next()
        .thenApply(
            id -> new InitProducerIdResponseData().setProducerId(id).setProducerEpoch(FIRST_EPOCH));
  }
}
