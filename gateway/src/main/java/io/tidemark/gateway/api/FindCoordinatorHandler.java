package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/**
 * FindCoordinator: the leader of the partition of {@code __consumer_offsets} that has a group, or
 * of {@code __transaction_state} that has a transactional id. The first question creates the topic.
 */
public final class FindCoordinatorHandler implements ApiHandler {
  private static final short OLDEST_BATCHED_VERSION = 4;

  private final ClusterView cluster;
  private final ToIntFunction<String> groupPartition;
  private final ToIntFunction<String> transactionPartition;
  private final AutoCreation autoCreation;

  /**
   * @param groupPartition the partition of {@code __consumer_offsets} that has a group
   * @param transactionPartition the partition of {@code __transaction_state} that has a
   *     transactional id
   */
  public FindCoordinatorHandler(
      ClusterView cluster,
      ToIntFunction<String> groupPartition,
      ToIntFunction<String> transactionPartition,
      AutoCreation autoCreation) {
    this.cluster = cluster;
    this.groupPartition = groupPartition;
    this.transactionPartition = transactionPartition;
    this.autoCreation = autoCreation;
  }

  @Override
  public void handle(Request request, Responder responder) {
    FindCoordinatorRequestData asked = ((FindCoordinatorRequest) request.body()).data();
    Optional<Kind> kind = kind(asked.keyType());
    if (kind.isEmpty() || cluster.image().topics().idOf(kind.get().topic).isPresent()) {
      responder.respond(answer(asked, kind, request));
      return;
    }
    Answers.when(
        autoCreation
            .createInternal(kind.get().topic, request.loop())
            .handle((done, failure) -> answer(asked, kind, request)),
        request,
        responder);
  }

  /** What is coordinated, and on which topic. */
  private record Kind(String topic, ToIntFunction<String> partitionFor) {}

  private Optional<Kind> kind(byte keyType) {
    if (keyType == CoordinatorType.GROUP.id()) {
      return Optional.of(new Kind(Topic.GROUP_METADATA_TOPIC_NAME, groupPartition));
    }
    return keyType == CoordinatorType.TRANSACTION.id()
        ? Optional.of(new Kind(Topic.TRANSACTION_STATE_TOPIC_NAME, transactionPartition))
        : Optional.empty();
  }

  private FindCoordinatorResponseData answer(
      FindCoordinatorRequestData asked, Optional<Kind> kind, Request request) {
    if (request.apiVersion() >= OLDEST_BATCHED_VERSION) {
      List<Coordinator> found =
          asked.coordinatorKeys().stream().map(key -> find(key, kind, request)).toList();
      return new FindCoordinatorResponseData().setCoordinators(found);
    }
    Coordinator found = find(asked.key(), kind, request);
    return new FindCoordinatorResponseData()
        .setErrorCode(found.errorCode())
        .setErrorMessage(found.errorMessage())
        .setNodeId(found.nodeId())
        .setHost(found.host())
        .setPort(found.port());
  }

  private Coordinator find(String key, Optional<Kind> kind, Request request) {
    if (kind.isEmpty()) {
      return error(
          key,
          Errors.INVALID_REQUEST,
          "This cluster has coordinators for groups and transactions only");
    }
    return coordinator(key, kind.get(), request)
        .map(node ->
            new Coordinator()
                .setKey(key)
                .setNodeId(node.id())
                .setHost(node.host())
                .setPort(node.port())
                .setErrorMessage(Errors.NONE.message()))
        .orElseGet(() ->
            error(
                key, Errors.COORDINATOR_NOT_AVAILABLE, Errors.COORDINATOR_NOT_AVAILABLE.message()));
  }

  private Optional<Node> coordinator(String key, Kind kind, Request request) {
    ClusterImage image = cluster.image();
    Optional<TopicImage> topic = image.topics().byName(kind.topic);
    if (topic.isEmpty()) {
      return Optional.empty();
    }
    int index = kind.partitionFor.applyAsInt(key);
    TopicIdPartition id = new TopicIdPartition(topic.get().id(), index, kind.topic);
    return topic
        .get()
        .partition(index)
        .filter(partition -> cluster.isServing(image, partition.leader(), id))
        .flatMap(partition -> cluster.shownLeader(image, id, partition, request.listenerName()));
  }

  private static Coordinator error(String key, Errors error, String message) {
    Node nobody = Node.noNode();
    return new Coordinator()
        .setKey(key)
        .setErrorCode(error.code())
        .setErrorMessage(message)
        .setNodeId(nobody.id())
        .setHost(nobody.host())
        .setPort(nobody.port());
  }
}
