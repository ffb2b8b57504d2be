package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsRequest;

/**
 * CreateTopics, DeleteTopics, CreatePartitions: decided by the controller, and answered when this
 * node has acted on the decision, so that a client may use at once what it created. Kafka's
 * time-outs bound the wait.
 */
public final class TopicAdminHandlers {
  private static final int DEFAULT_TIMEOUT_MS = 60_000;

  private static final short FIRST_WITH_DELETION_DISABLED = 3;

  private final Controller controller;
  private final boolean mayDelete;
  private final TopicMutations mutations;

  /**
   * @param controller answers when this node's replicas follow
   * @param mayDelete {@code delete.topic.enable}
   */
  public TopicAdminHandlers(Controller controller, boolean mayDelete, TopicMutations mutations) {
    this.mutations = mutations;
    this.controller = controller;
    this.mayDelete = mayDelete;
  }

  public void create(Request request, Responder responder) {
    CreateTopicsRequest body = (CreateTopicsRequest) request.body();
    answer(
        mutations.create(request, body.data(), controller::createTopics),
        body.data().timeoutMs(),
        request,
        responder);
  }

  public void delete(Request request, Responder responder) {
    DeleteTopicsRequest body = (DeleteTopicsRequest) request.body();
    if (!mayDelete) { // older clients do not know the error, as in Kafka
      Errors refusal =
          request.apiVersion() < FIRST_WITH_DELETION_DISABLED
              ? Errors.INVALID_REQUEST
              : Errors.TOPIC_DELETION_DISABLED;
      responder.respond(body.getErrorResponse(0, refusal.exception()).data());
      return;
    }
    answer(
        mutations.delete(request, body.data(), controller::deleteTopics),
        body.data().timeoutMs(),
        request,
        responder);
  }

  public void createPartitions(Request request, Responder responder) {
    CreatePartitionsRequest body = (CreatePartitionsRequest) request.body();
    answer(
        mutations.addPartitions(request, body.data(), controller::createPartitions),
        body.data().timeoutMs(),
        request,
        responder);
  }

  private static void answer(
      CompletableFuture<? extends ApiMessage> result,
      int timeoutMs,
      Request request,
      Responder responder) {
    int waitMs = timeoutMs > 0 ? timeoutMs : DEFAULT_TIMEOUT_MS;
    Answers.when(Futures.within(waitMs, request.loop(), result), request, responder);
  }
}
