package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/**
 * FindCoordinator: the leader of the group's partition of {@code __consumer_offsets}, which the
 * first question creates. Coordinators of transactions do not exist yet, and clients are told so in
 * a way that ends their asking.
 */
public final class FindCoordinatorHandler implements ApiHandler {
  private static final short OLDEST_BATCHED_VERSION = 4;

  private final ClusterView cluster;
  private final ToIntFunction<String> partitionFor;
  private final AutoCreation autoCreation;

  /**
   * @param partitionFor the partition of {@code __consumer_offsets} that has a group
   */
  public FindCoordinatorHandler(
      ClusterView cluster, ToIntFunction<String> partitionFor, AutoCreation autoCreation) {
    this.cluster = cluster;
    this.partitionFor = partitionFor;
    this.autoCreation = autoCreation;
  }

  @Override
  public void handle(Request request, Responder responder) {
    FindCoordinatorRequestData asked = ((FindCoordinatorRequest) request.body()).data();
    boolean isGroup = asked.keyType() == CoordinatorType.GROUP.id();
    if (!isGroup || cluster.image().topics().idOf(Topic.GROUP_METADATA_TOPIC_NAME).isPresent()) {
      responder.respond(answer(asked, request));
      return;
    }
    Answers.when(
        autoCreation
            .createOffsetsTopic(request.loop())
            .handle((done, failure) -> answer(asked, request)),
        request,
        responder);
  }

  private FindCoordinatorResponseData answer(FindCoordinatorRequestData asked, Request request) {
    if (request.apiVersion() >= OLDEST_BATCHED_VERSION) {
      List<Coordinator> found =
          asked.coordinatorKeys().stream().map(key -> find(key, asked.keyType(), request)).toList();
      return new FindCoordinatorResponseData().setCoordinators(found);
    }
    Coordinator found = find(asked.key(), asked.keyType(), request);
    return new FindCoordinatorResponseData()
        .setErrorCode(found.errorCode())
        .setErrorMessage(found.errorMessage())
        .setNodeId(found.nodeId())
        .setHost(found.host())
        .setPort(found.port());
  }

  private Coordinator find(String key, byte keyType, Request request) {
    if (keyType != CoordinatorType.GROUP.id()) {
      return error(key, Errors.INVALID_REQUEST, "This cluster has coordinators for groups only");
    }
    return coordinator(key, request)
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

  private Optional<Node> coordinator(String group, Request request) {
    ClusterImage image = cluster.image();
    Optional<TopicImage> topic = image.topics().byName(Topic.GROUP_METADATA_TOPIC_NAME);
    if (topic.isEmpty()) {
      return Optional.empty();
    }
    return topic
        .get()
        .partition(partitionFor.applyAsInt(group))
        .flatMap(partition -> cluster.node(image, partition.leader(), request.listenerName()));
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
