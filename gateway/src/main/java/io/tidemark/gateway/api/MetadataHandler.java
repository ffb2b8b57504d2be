package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopicCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;

/**
 * Metadata: the alive nodes by the listener asked on, and topics by name or id with their leaders.
 * An unknown name is created where both the client and the node allow it; the answer then waits for
 * the topic, for a moment.
 */
public final class MetadataHandler implements ApiHandler {
  private static final short OLDEST_VERSION_WITH_TOPIC_IDS = 12;
  private static final short OLDEST_VERSION_WITH_NULLABLE_NAMES = 12;

  private final ClusterView cluster;
  private final TopicMetadata metadata;
  private final AutoCreation autoCreation;
  private final TopicMutations mutations;

  public MetadataHandler(ClusterView cluster, AutoCreation autoCreation, TopicMutations mutations) {
    this.mutations = mutations;
    this.cluster = cluster;
    this.metadata = new TopicMetadata(cluster);
    this.autoCreation = autoCreation;
  }

  @Override
  public void handle(Request request, Responder responder) {
    MetadataRequest body = (MetadataRequest) request.body();
    List<String> missing =
        body.allowAutoTopicCreation() && autoCreation.isAllowed() ? missing(body) : List.of();
    if (missing.isEmpty()) {
      responder.respond(describe(body, request));
      return;
    }
    CompletableFuture<MetadataResponseData> answer =
        mutations
            .affordable(request, missing)
            .thenCompose(names -> autoCreation.create(names, request.loop()))
            .handle((done, failure) -> describe(body, request));
    Answers.when(answer, request, responder);
  }

  private List<String> missing(MetadataRequest body) {
    if (body.isAllTopics()) {
      return List.of();
    }
    ClusterImage image = cluster.image();
    return body.data().topics().stream()
        .filter(topic -> topic.name() != null && topic.topicId().equals(Uuid.ZERO_UUID))
        .map(MetadataRequestTopic::name)
        .filter(name -> image.topics().idOf(name).isEmpty())
        .distinct()
        .toList();
  }

  private MetadataResponseData describe(MetadataRequest body, Request request) {
    ClusterImage image = cluster.image();
    MetadataResponseData response =
        new MetadataResponseData()
            .setClusterId(image.hasClusterId() ? image.clusterId() : null)
            .setControllerId(cluster.controllerId(image));
    for (Node node : cluster.aliveNodes(image, request.listenerName())) {
      response.brokers().add(broker(node));
    }
    response.setTopics(collected(topics(body, image, request)));
    if (body.data().includeClusterAuthorizedOperations()) {
      response.setClusterAuthorizedOperations(AuthorisedOperations.CLUSTER);
    }
    if (body.data().includeTopicAuthorizedOperations()) {
      response.topics().forEach(MetadataHandler::addOperations);
    }
    return response;
  }

  /**
   * Topics that are not known by their ids all have the same key, no name, which would keep the
   * collection busy; so they are collected under different names.
   */
  private static MetadataResponseTopicCollection collected(List<MetadataResponseTopic> topics) {
    MetadataResponseTopicCollection all = new MetadataResponseTopicCollection(topics.size());
    List<MetadataResponseTopic> nameless = new ArrayList<>();
    for (MetadataResponseTopic topic : topics) {
      if (topic.name() == null) {
        nameless.add(topic.setName(topic.topicId().toString()));
      }
      all.add(topic);
    }
    nameless.forEach(topic -> topic.setName(null)); // not before: the last added moves others
    return all;
  }

  private List<MetadataResponseTopic> topics(
      MetadataRequest body, ClusterImage image, Request request) {
    if (body.isAllTopics()) {
      return image.topics().all().stream()
          .map(topic -> metadata.describe(image, topic, request))
          .toList();
    }
    List<MetadataResponseTopic> topics = new ArrayList<>();
    for (MetadataRequestTopic asked : body.data().topics()) {
      topics.add(topic(asked, image, request));
    }
    return topics;
  }

  private MetadataResponseTopic topic(
      MetadataRequestTopic asked, ClusterImage image, Request request) {
    boolean isById = !asked.topicId().equals(Uuid.ZERO_UUID);
    if (isById && request.apiVersion() < OLDEST_VERSION_WITH_TOPIC_IDS) {
      return error(asked, Errors.INVALID_REQUEST, request);
    }
    Optional<TopicImage> known =
        isById
            ? image.topics().byId(asked.topicId())
            : image.topics().byName(Optional.ofNullable(asked.name()).orElse(""));
    return known
        .map(topic -> metadata.describe(image, topic, request))
        .orElseGet(
            () -> error(asked, isById ? Errors.UNKNOWN_TOPIC_ID : errorOf(asked.name()), request));
  }

  private static Errors errorOf(String name) {
    try {
      Topic.validate(name == null ? "" : name);
      return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    } catch (InvalidTopicException e) {
      return Errors.INVALID_TOPIC_EXCEPTION;
    }
  }

  private static MetadataResponseTopic error(
      MetadataRequestTopic asked, Errors error, Request request) {
    boolean needsName = request.apiVersion() < OLDEST_VERSION_WITH_NULLABLE_NAMES;
    String name = asked.name() == null && needsName ? "" : asked.name();
    return new MetadataResponseTopic()
        .setErrorCode(error.code())
        .setName(name)
        .setTopicId(asked.topicId());
  }

  private static void addOperations(MetadataResponseTopic topic) {
    if (topic.errorCode() == Errors.NONE.code()) {
      topic.setTopicAuthorizedOperations(AuthorisedOperations.TOPIC);
    }
  }

  private static MetadataResponseBroker broker(Node node) {
    return new MetadataResponseBroker()
        .setNodeId(node.id())
        .setHost(node.host())
        .setPort(node.port())
        .setRack(node.rack());
  }
}
