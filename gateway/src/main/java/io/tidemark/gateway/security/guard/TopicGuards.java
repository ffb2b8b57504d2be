package io.tidemark.gateway.security.guard;

import static io.tidemark.gateway.security.guard.Guard.amended;
import static io.tidemark.gateway.security.guard.Guard.takeOut;

import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.security.acl.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** Topics as such: what there is, and making and removing it. */
final class TopicGuards {
  private static final short FORBIDDEN = Errors.TOPIC_AUTHORIZATION_FAILED.code();
  private static final short OLDEST_METADATA_WITH_NULLABLE_NAMES = 12;

  private final TopicNames topics;

  TopicGuards(TopicNames topics) {
    this.topics = topics;
  }

  void metadata(Request request, Responder responder, ApiHandler next) {
    MetadataRequest body = (MetadataRequest) request.body();
    boolean isOfAll = body.isAllTopics();
    List<MetadataRequestTopic> forbidden =
        isOfAll ? List.of() : takeOut(body.data().topics(), topic -> isHidden(request, topic));
    boolean becameAll = !isOfAll && body.isAllTopics(); // v0 says "all" by naming none
    amended(
        request,
        responder,
        next,
        MetadataResponseData.class,
        answer -> {
          if (becameAll) {
            answer.topics().clear();
          }
          answer
              .topics()
              .removeIf(topic ->
                  topic.name() != null
                      && !topic.name().isEmpty()
                      && !request.access().mayOnTopic(AclOperation.DESCRIBE, topic.name()));
          forbidden.forEach(topic -> answer.topics().add(refused(topic, request)));
          narrow(answer, request.access());
        });
  }

  /** Also a topic that asking for would create, where that is not allowed. */
  private boolean isHidden(Request request, MetadataRequestTopic topic) {
    if (topics.isForbidden(request, AclOperation.DESCRIBE, topic.topicId(), topic.name())) {
      return true;
    }
    String name = topic.name();
    boolean wouldCreate =
        name != null
            && topic.topicId().equals(Uuid.ZERO_UUID)
            && ((MetadataRequestData) request.body().data()).allowAutoTopicCreation()
            && !topics.exists(name);
    return wouldCreate && !mayCreate(request.access(), name);
  }

  private static boolean mayCreate(Access access, String topic) {
    return access.mayOnCluster(AclOperation.CREATE)
        || access.mayOnTopic(AclOperation.CREATE, topic);
  }

  /** By id nobody learns that there is such a topic. */
  private static MetadataResponseTopic refused(MetadataRequestTopic topic, Request request) {
    boolean isById = !topic.topicId().equals(Uuid.ZERO_UUID);
    boolean needsName = request.apiVersion() < OLDEST_METADATA_WITH_NULLABLE_NAMES;
    return new MetadataResponseTopic()
        .setErrorCode(isById ? Errors.UNKNOWN_TOPIC_ID.code() : FORBIDDEN)
        .setTopicId(topic.topicId())
        .setName(isById ? (needsName ? "" : null) : topic.name());
  }

  private static void narrow(MetadataResponseData answer, Access access) {
    answer.setClusterAuthorizedOperations(
        clusterOperations(access, answer.clusterAuthorizedOperations()));
    for (MetadataResponseTopic topic : answer.topics()) {
      if (topic.topicAuthorizedOperations() != Integer.MIN_VALUE) {
        topic.setTopicAuthorizedOperations(
            OperationBits.allowed(
                access, topic.topicAuthorizedOperations(), ResourceType.TOPIC, topic.name()));
      }
    }
  }

  /** Those that may be told; none to somebody who may not describe the cluster. */
  static int clusterOperations(Access access, int bits) {
    if (bits == Integer.MIN_VALUE) {
      return bits;
    }
    return access.mayOnCluster(AclOperation.DESCRIBE)
        ? OperationBits.allowed(access, bits, ResourceType.CLUSTER, Resource.CLUSTER_NAME)
        : 0;
  }

  /** Pages are made of what may be seen alone, since the end of one names a topic of the next. */
  void describePartitions(Request request, Responder responder, ApiHandler next) {
    DescribeTopicPartitionsRequestData data =
        (DescribeTopicPartitionsRequestData) request.body().data();
    if (data.topics().isEmpty()) {
      data.setTopics(visible(request.access()));
    }
    List<TopicRequest> forbidden =
        takeOut(
            data.topics(),
            topic -> topics.isForbidden(request, AclOperation.DESCRIBE, topic.name()));
    boolean isOfNone = data.topics().isEmpty(); // the handler takes that for all
    amended(
        request,
        responder,
        next,
        DescribeTopicPartitionsResponseData.class,
        answer -> {
          if (isOfNone) {
            answer.topics().clear();
            answer.setNextCursor(null);
          }
          answer
              .topics()
              .removeIf(topic -> !request.access().mayOnTopic(AclOperation.DESCRIBE, topic.name()));
          forbidden.forEach(topic ->
              answer
                  .topics()
                  .add(
                      new DescribeTopicPartitionsResponseTopic()
                          .setName(topic.name())
                          .setErrorCode(FORBIDDEN)));
          for (DescribeTopicPartitionsResponseTopic topic : answer.topics()) {
            topic.setTopicAuthorizedOperations(
                OperationBits.allowed(
                    request.access(),
                    topic.topicAuthorizedOperations(),
                    ResourceType.TOPIC,
                    topic.name()));
          }
        });
  }

  private List<TopicRequest> visible(Access access) {
    return topics
        .all()
        .filter(name -> access.mayOnTopic(AclOperation.DESCRIBE, name))
        .map(name -> new TopicRequest().setName(name))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  void create(Request request, Responder responder, ApiHandler next) {
    CreateTopicsRequestData data = (CreateTopicsRequestData) request.body().data();
    Access access = request.access();
    List<CreatableTopic> forbidden =
        takeOut(data.topics(), topic -> !mayCreate(access, topic.name()));
    amended(
        request,
        responder,
        next,
        CreateTopicsResponseData.class,
        answer -> {
          answer.topics().forEach(topic -> hideConfigs(topic, access));
          forbidden.forEach(topic ->
              answer
                  .topics()
                  .add(
                      new CreatableTopicResult()
                          .setName(topic.name())
                          .setErrorCode(FORBIDDEN)
                          .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message())));
        });
  }

  private static void hideConfigs(CreatableTopicResult topic, Access access) {
    boolean mayRead = access.mayOnTopic(AclOperation.DESCRIBE_CONFIGS, topic.name());
    if (topic.errorCode() == Errors.NONE.code() && !mayRead) {
      topic
          .setTopicConfigErrorCode(FORBIDDEN)
          .setNumPartitions(-1)
          .setReplicationFactor((short) -1)
          .setConfigs(new ArrayList<>());
    }
  }

  void delete(Request request, Responder responder, ApiHandler next) {
    DeleteTopicsRequestData data = (DeleteTopicsRequestData) request.body().data();
    List<String> names =
        takeOut(data.topicNames(), name -> topics.isForbidden(request, AclOperation.DELETE, name));
    List<DeleteTopicState> states =
        takeOut(
            data.topics(),
            topic ->
                topics.isForbidden(request, AclOperation.DELETE, topic.topicId(), topic.name()));
    amended(
        request,
        responder,
        next,
        DeleteTopicsResponseData.class,
        answer -> {
          hideNames(data, answer, request);
          names.forEach(name -> answer.responses().add(refused(Uuid.ZERO_UUID, name)));
          states.forEach(topic -> answer.responses().add(refused(topic.topicId(), topic.name())));
        });
  }

  /** Whoever deletes by id need not be allowed to know the name. */
  private static void hideNames(
      DeleteTopicsRequestData asked, DeleteTopicsResponseData answer, Request request) {
    boolean isByName = asked.topics().stream().allMatch(topic -> topic.name() != null);
    for (DeletableTopicResult result : answer.responses()) {
      String name = result.name();
      if (!isByName && name != null && !request.access().mayOnTopic(AclOperation.DESCRIBE, name)) {
        result.setName(null);
      }
    }
  }

  private static DeletableTopicResult refused(Uuid id, @Nullable String name) {
    return new DeletableTopicResult()
        .setName(name)
        .setTopicId(id)
        .setErrorCode(FORBIDDEN)
        .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message());
  }

  void createPartitions(Request request, Responder responder, ApiHandler next) {
    CreatePartitionsRequestData data = (CreatePartitionsRequestData) request.body().data();
    List<CreatePartitionsTopic> forbidden =
        takeOut(
            data.topics(), topic -> topics.isForbidden(request, AclOperation.ALTER, topic.name()));
    amended(
        request,
        responder,
        next,
        CreatePartitionsResponseData.class,
        answer -> {
          answer.setResults(
              Guard.with(
                  answer.results(),
                  forbidden,
                  topic ->
                      new CreatePartitionsTopicResult()
                          .setName(topic.name())
                          .setErrorCode(FORBIDDEN)
                          .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message())));
        });
  }
}
