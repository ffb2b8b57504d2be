package io.tidemark.gateway.security.guard;

import static io.tidemark.gateway.security.guard.Guard.amended;
import static io.tidemark.gateway.security.guard.Guard.takeOut;
import static io.tidemark.gateway.security.guard.Guard.with;

import io.tidemark.gateway.api.Answers;
import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.security.acl.Access;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.resource.ResourceType;

/** Groups, and the offsets they keep of topics: both must be allowed. */
final class GroupGuards {
  private static final short TOPIC_FORBIDDEN = Errors.TOPIC_AUTHORIZATION_FAILED.code();
  private static final short GROUP_FORBIDDEN = Errors.GROUP_AUTHORIZATION_FAILED.code();
  private static final short OLDEST_OFFSET_FETCH_WITH_GROUPS = 8;
  private static final short OLDEST_FIND_COORDINATOR_WITH_KEYS = 4;
  private static final long NO_OFFSET = -1;

  private final TopicNames topics;

  GroupGuards(TopicNames topics) {
    this.topics = topics;
  }

  void findCoordinator(Request request, Responder responder, ApiHandler next) {
    FindCoordinatorRequestData data = (FindCoordinatorRequestData) request.body().data();
    Errors error = coordinatorError(data.keyType());
    if (request.apiVersion() < OLDEST_FIND_COORDINATOR_WITH_KEYS) {
      boolean isAllowed = mayFind(request.access(), data.keyType(), data.key());
      Guard.whole(_ -> isAllowed, error).handle(request, responder, next);
      return;
    }
    List<String> forbidden =
        takeOut(data.coordinatorKeys(), key -> !mayFind(request.access(), data.keyType(), key));
    amended(
        request,
        responder,
        next,
        FindCoordinatorResponseData.class,
        answer ->
            answer.setCoordinators(
                with(
                    answer.coordinators(),
                    forbidden,
                    key ->
                        new Coordinator()
                            .setKey(key)
                            .setErrorCode(error.code())
                            .setErrorMessage(error.message())
                            .setNodeId(-1)
                            .setPort(-1))));
  }

  private static boolean mayFind(Access access, byte type, String key) {
    return switch (coordinatorError(type)) {
      case TRANSACTIONAL_ID_AUTHORIZATION_FAILED ->
          access.may(AclOperation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, key);
      case CLUSTER_AUTHORIZATION_FAILED -> access.mayOnCluster(AclOperation.CLUSTER_ACTION);
      default -> access.mayOnGroup(AclOperation.DESCRIBE, key);
    };
  }

  private static Errors coordinatorError(byte type) {
    if (type == CoordinatorType.TRANSACTION.id()) {
      return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }
    return type == CoordinatorType.GROUP.id()
        ? Errors.GROUP_AUTHORIZATION_FAILED
        : Errors.CLUSTER_AUTHORIZATION_FAILED;
  }

  void describe(Request request, Responder responder, ApiHandler next) {
    DescribeGroupsRequestData data = (DescribeGroupsRequestData) request.body().data();
    Access access = request.access();
    List<String> forbidden =
        takeOut(data.groups(), group -> !access.mayOnGroup(AclOperation.DESCRIBE, group));
    amended(
        request,
        responder,
        next,
        DescribeGroupsResponseData.class,
        answer -> {
          for (DescribedGroup group : answer.groups()) {
            narrow(group, access);
          }
          answer.setGroups(
              with(
                  answer.groups(),
                  forbidden,
                  group -> new DescribedGroup().setGroupId(group).setErrorCode(GROUP_FORBIDDEN)));
        });
  }

  /** Members tell which topics they read: those must be allowed as well. */
  void describeConsumers(Request request, Responder responder, ApiHandler next) {
    ConsumerGroupDescribeRequestData data =
        (ConsumerGroupDescribeRequestData) request.body().data();
    Access access = request.access();
    List<String> forbidden =
        takeOut(data.groupIds(), group -> !access.mayOnGroup(AclOperation.DESCRIBE, group));
    amended(
        request,
        responder,
        next,
        ConsumerGroupDescribeResponseData.class,
        answer -> {
          answer.groups().forEach(group -> hideTopics(group, access));
          answer.setGroups(
              with(
                  answer.groups(),
                  forbidden,
                  group ->
                      new ConsumerGroupDescribeResponseData.DescribedGroup()
                          .setGroupId(group)
                          .setErrorCode(GROUP_FORBIDDEN)
                          .setErrorMessage(Errors.GROUP_AUTHORIZATION_FAILED.message())));
        });
  }

  private static void hideTopics(
      ConsumerGroupDescribeResponseData.DescribedGroup group, Access access) {
    boolean seesAll =
        group.members().stream()
            .flatMap(member -> member.assignment().topicPartitions().stream())
            .allMatch(topic -> access.mayOnTopic(AclOperation.DESCRIBE, topic.topicName()));
    if (!seesAll) {
      group
          .setErrorCode(TOPIC_FORBIDDEN)
          .setErrorMessage("The group reads topics that must not be described")
          .setMembers(List.of());
    }
    if (group.authorizedOperations() != Integer.MIN_VALUE) {
      group.setAuthorizedOperations(
          OperationBits.allowed(
              access, group.authorizedOperations(), ResourceType.GROUP, group.groupId()));
    }
  }

  private static void narrow(DescribedGroup group, Access access) {
    if (group.authorizedOperations() != Integer.MIN_VALUE) {
      group.setAuthorizedOperations(
          OperationBits.allowed(
              access, group.authorizedOperations(), ResourceType.GROUP, group.groupId()));
    }
  }

  /** Whoever may not describe the cluster sees the groups it may describe. */
  void list(Request request, Responder responder, ApiHandler next) {
    Access access = request.access();
    if (access.mayOnCluster(AclOperation.DESCRIBE)) {
      next.handle(request, responder);
      return;
    }
    amended(
        request,
        responder,
        next,
        ListGroupsResponseData.class,
        answer ->
            answer.setGroups(
                answer.groups().stream()
                    .filter(group -> access.mayOnGroup(AclOperation.DESCRIBE, group.groupId()))
                    .toList()));
  }

  void delete(Request request, Responder responder, ApiHandler next) {
    DeleteGroupsRequestData data = (DeleteGroupsRequestData) request.body().data();
    List<String> forbidden =
        takeOut(
            data.groupsNames(), group -> !request.access().mayOnGroup(AclOperation.DELETE, group));
    amended(
        request,
        responder,
        next,
        DeleteGroupsResponseData.class,
        answer ->
            forbidden.forEach(group ->
                answer
                    .results()
                    .add(
                        new DeletableGroupResult()
                            .setGroupId(group)
                            .setErrorCode(GROUP_FORBIDDEN))));
  }

  /** The group has been looked at before. */
  void commitOffsets(Request request, Responder responder, ApiHandler next) {
    OffsetCommitRequestData data = (OffsetCommitRequestData) request.body().data();
    List<OffsetCommitRequestTopic> forbidden =
        takeOut(
            data.topics(),
            topic -> topics.isForbidden(request, AclOperation.READ, topic.topicId(), topic.name()));
    amended(
        request,
        responder,
        next,
        OffsetCommitResponseData.class,
        answer -> answer.setTopics(with(answer.topics(), forbidden, GroupGuards::refused)));
  }

  private static OffsetCommitResponseTopic refused(OffsetCommitRequestTopic topic) {
    return new OffsetCommitResponseTopic()
        .setName(topic.name())
        .setTopicId(topic.topicId())
        .setPartitions(
            topic.partitions().stream()
                .map(partition ->
                    new OffsetCommitResponsePartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(TOPIC_FORBIDDEN))
                .toList());
  }

  void commitOffsetsInTransaction(Request request, Responder responder, ApiHandler next) {
    TxnOffsetCommitRequestData data = (TxnOffsetCommitRequestData) request.body().data();
    List<TxnOffsetCommitRequestTopic> forbidden =
        takeOut(
            data.topics(),
            topic -> topics.isForbidden(request, AclOperation.READ, topic.topicId(), topic.name()));
    amended(
        request,
        responder,
        next,
        TxnOffsetCommitResponseData.class,
        answer -> answer.setTopics(with(answer.topics(), forbidden, GroupGuards::refused)));
  }

  private static TxnOffsetCommitResponseTopic refused(TxnOffsetCommitRequestTopic topic) {
    return new TxnOffsetCommitResponseTopic()
        .setName(topic.name())
        .setTopicId(topic.topicId())
        .setPartitions(
            topic.partitions().stream()
                .map(partition ->
                    new TxnOffsetCommitResponsePartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(TOPIC_FORBIDDEN))
                .toList());
  }

  void deleteOffsets(Request request, Responder responder, ApiHandler next) {
    OffsetDeleteRequestData data = (OffsetDeleteRequestData) request.body().data();
    List<OffsetDeleteRequestTopic> forbidden =
        takeOut(
            data.topics(), topic -> topics.isForbidden(request, AclOperation.READ, topic.name()));
    amended(
        request,
        responder,
        next,
        OffsetDeleteResponseData.class,
        answer -> forbidden.forEach(topic -> answer.topics().add(refused(topic))));
  }

  private static OffsetDeleteResponseTopic refused(OffsetDeleteRequestTopic topic) {
    OffsetDeleteResponseTopic response = new OffsetDeleteResponseTopic().setName(topic.name());
    topic
        .partitions()
        .forEach(partition ->
            response
                .partitions()
                .add(
                    new OffsetDeleteResponsePartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(TOPIC_FORBIDDEN)));
    return response;
  }

  void fetchOffsets(Request request, Responder responder, ApiHandler next) {
    if (request.apiVersion() < OLDEST_OFFSET_FETCH_WITH_GROUPS) {
      fetchOffsetsOfOne(request, responder, next);
    } else {
      fetchOffsetsOfSeveral(request, responder, next);
    }
  }

  private void fetchOffsetsOfOne(Request request, Responder responder, ApiHandler next) {
    OffsetFetchRequestData data = (OffsetFetchRequestData) request.body().data();
    Access access = request.access();
    if (!access.mayOnGroup(AclOperation.DESCRIBE, data.groupId())) {
      Answers.failed(Errors.GROUP_AUTHORIZATION_FAILED.exception(), request, responder);
      return;
    }
    var forbidden =
        data.topics() == null
            ? List.<OffsetFetchRequestData.OffsetFetchRequestTopic>of()
            : takeOut(
                data.topics(),
                topic -> topics.isForbidden(request, AclOperation.DESCRIBE, topic.name()));
    amended(
        request,
        responder,
        next,
        OffsetFetchResponseData.class,
        answer -> {
          var visible =
              answer.topics().stream()
                  .filter(topic -> access.mayOnTopic(AclOperation.DESCRIBE, topic.name()))
                  .toList();
          answer.setTopics(with(visible, forbidden, GroupGuards::refused));
        });
  }

  private static OffsetFetchResponseData.OffsetFetchResponseTopic refused(
      OffsetFetchRequestData.OffsetFetchRequestTopic topic) {
    return new OffsetFetchResponseData.OffsetFetchResponseTopic()
        .setName(topic.name())
        .setPartitions(
            topic.partitionIndexes().stream()
                .map(index ->
                    new OffsetFetchResponseData.OffsetFetchResponsePartition()
                        .setPartitionIndex(index)
                        .setCommittedOffset(NO_OFFSET)
                        .setMetadata("")
                        .setErrorCode(TOPIC_FORBIDDEN))
                .toList());
  }

  private void fetchOffsetsOfSeveral(Request request, Responder responder, ApiHandler next) {
    OffsetFetchRequestData data = (OffsetFetchRequestData) request.body().data();
    List<OffsetFetchRequestGroup> forbidden =
        takeOut(
            data.groups(),
            group -> !request.access().mayOnGroup(AclOperation.DESCRIBE, group.groupId()));
    Map<String, List<OffsetFetchRequestTopics>> hidden = new HashMap<>();
    for (OffsetFetchRequestGroup group : data.groups()) {
      if (group.topics() != null) {
        hidden
            .computeIfAbsent(group.groupId(), _ -> new ArrayList<>())
            .addAll(
                takeOut(
                    group.topics(),
                    topic ->
                        topics.isForbidden(
                            request, AclOperation.DESCRIBE, topic.topicId(), topic.name())));
      }
    }
    amended(
        request,
        responder,
        next,
        OffsetFetchResponseData.class,
        answer -> {
          answer
              .groups()
              .forEach(
                  group -> hide(group, hidden.getOrDefault(group.groupId(), List.of()), request));
          answer.setGroups(
              with(
                  answer.groups(),
                  forbidden,
                  group ->
                      new OffsetFetchResponseGroup()
                          .setGroupId(group.groupId())
                          .setErrorCode(GROUP_FORBIDDEN)));
        });
  }

  private void hide(
      OffsetFetchResponseGroup group, List<OffsetFetchRequestTopics> hidden, Request request) {
    List<OffsetFetchResponseTopics> visible =
        group.topics().stream()
            .filter(topic ->
                !topics.isForbidden(request, AclOperation.DESCRIBE, topic.topicId(), topic.name()))
            .toList();
    group.setTopics(with(visible, hidden, GroupGuards::refused));
  }

  private static OffsetFetchResponseTopics refused(OffsetFetchRequestTopics topic) {
    return new OffsetFetchResponseTopics()
        .setName(topic.name())
        .setTopicId(topic.topicId())
        .setPartitions(
            topic.partitionIndexes().stream()
                .map(index ->
                    new OffsetFetchResponsePartitions()
                        .setPartitionIndex(index)
                        .setCommittedOffset(NO_OFFSET)
                        .setMetadata("")
                        .setErrorCode(TOPIC_FORBIDDEN))
                .toList());
  }
}
