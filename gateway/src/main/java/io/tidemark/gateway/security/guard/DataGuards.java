package io.tidemark.gateway.security.guard;

import static io.tidemark.gateway.security.guard.Guard.amended;
import static io.tidemark.gateway.security.guard.Guard.takeOut;
import static io.tidemark.gateway.security.guard.Guard.with;

import io.tidemark.gateway.api.Answers;
import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** Records and offsets: topic by topic. */
final class DataGuards {
  private static final short FORBIDDEN = Errors.TOPIC_AUTHORIZATION_FAILED.code();
  private static final long NO_OFFSET = -1;

  private final TopicNames topics;

  DataGuards(TopicNames topics) {
    this.topics = topics;
  }

  void produce(Request request, Responder responder, ApiHandler next) {
    ProduceRequestData data = (ProduceRequestData) request.body().data();
    String transaction = data.transactionalId();
    if (transaction != null
        && !request.access().may(AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, transaction)) {
      refuseProduce(data, request, responder);
      return;
    }
    List<TopicProduceData> forbidden =
        takeOut(
            data.topicData(),
            topic ->
                topics.isForbidden(request, AclOperation.WRITE, topic.topicId(), topic.name()));
    if (forbidden.isEmpty()) {
      next.handle(request, responder);
    } else if (data.acks() == 0) {
      next.handle(request, new ClosingResponder(responder, "it may not write to every topic"));
    } else {
      amended(
          request,
          responder,
          next,
          ProduceResponseData.class,
          answer -> forbidden.forEach(topic -> answer.responses().add(refused(topic))));
    }
  }

  private static void refuseProduce(ProduceRequestData data, Request request, Responder responder) {
    if (data.acks() == 0) {
      responder.close("it may not use this transactional id");
    } else {
      Answers.failed(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.exception(), request, responder);
    }
  }

  private static TopicProduceResponse refused(TopicProduceData topic) {
    TopicProduceResponse response =
        new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
    topic
        .partitionData()
        .forEach(partition ->
            response
                .partitionResponses()
                .add(
                    new PartitionProduceResponse()
                        .setIndex(partition.index())
                        .setErrorCode(FORBIDDEN)
                        .setBaseOffset(NO_OFFSET)
                        .setLogAppendTimeMs(-1)
                        .setLogStartOffset(NO_OFFSET)));
    return response;
  }

  void listOffsets(Request request, Responder responder, ApiHandler next) {
    ListOffsetsRequestData data = (ListOffsetsRequestData) request.body().data();
    List<ListOffsetsTopic> forbidden =
        takeOut(
            data.topics(),
            topic -> topics.isForbidden(request, AclOperation.DESCRIBE, topic.name()));
    amended(
        request,
        responder,
        next,
        ListOffsetsResponseData.class,
        answer -> answer.setTopics(with(answer.topics(), forbidden, DataGuards::refused)));
  }

  private static ListOffsetsTopicResponse refused(ListOffsetsTopic topic) {
    return new ListOffsetsTopicResponse()
        .setName(topic.name())
        .setPartitions(
            topic.partitions().stream()
                .map(partition ->
                    new ListOffsetsPartitionResponse()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(FORBIDDEN)
                        .setTimestamp(-1)
                        .setOffset(NO_OFFSET))
                .toList());
  }

  /** Replicas may ask about every topic. */
  void offsetForLeaderEpoch(Request request, Responder responder, ApiHandler next) {
    if (request.access().mayOnCluster(AclOperation.CLUSTER_ACTION)) {
      next.handle(request, responder);
      return;
    }
    OffsetForLeaderEpochRequestData data = (OffsetForLeaderEpochRequestData) request.body().data();
    List<OffsetForLeaderTopic> forbidden =
        takeOut(
            data.topics(),
            topic -> topics.isForbidden(request, AclOperation.DESCRIBE, topic.topic()));
    amended(
        request,
        responder,
        next,
        OffsetForLeaderEpochResponseData.class,
        answer -> forbidden.forEach(topic -> answer.topics().add(refused(topic))));
  }

  private static OffsetForLeaderTopicResult refused(OffsetForLeaderTopic topic) {
    return new OffsetForLeaderTopicResult()
        .setTopic(topic.topic())
        .setPartitions(
            topic.partitions().stream()
                .map(partition ->
                    new EpochEndOffset()
                        .setPartition(partition.partition())
                        .setErrorCode(FORBIDDEN))
                .toList());
  }

  void deleteRecords(Request request, Responder responder, ApiHandler next) {
    DeleteRecordsRequestData data = (DeleteRecordsRequestData) request.body().data();
    List<DeleteRecordsTopic> forbidden =
        takeOut(
            data.topics(), topic -> topics.isForbidden(request, AclOperation.DELETE, topic.name()));
    amended(
        request,
        responder,
        next,
        DeleteRecordsResponseData.class,
        answer -> forbidden.forEach(topic -> answer.topics().add(refused(topic))));
  }

  private static DeleteRecordsTopicResult refused(DeleteRecordsTopic topic) {
    DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(topic.name());
    topic
        .partitions()
        .forEach(partition ->
            result
                .partitions()
                .add(
                    new DeleteRecordsPartitionResult()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(FORBIDDEN)
                        .setLowWatermark(NO_OFFSET)));
    return result;
  }

  void describeProducers(Request request, Responder responder, ApiHandler next) {
    DescribeProducersRequestData data = (DescribeProducersRequestData) request.body().data();
    List<TopicRequest> forbidden =
        takeOut(
            data.topics(), topic -> topics.isForbidden(request, AclOperation.READ, topic.name()));
    amended(
        request,
        responder,
        next,
        DescribeProducersResponseData.class,
        answer -> answer.setTopics(with(answer.topics(), forbidden, DataGuards::refused)));
  }

  private static TopicResponse refused(TopicRequest topic) {
    return new TopicResponse()
        .setName(topic.name())
        .setPartitions(
            topic.partitionIndexes().stream()
                .map(index ->
                    new PartitionResponse().setPartitionIndex(index).setErrorCode(FORBIDDEN))
                .toList());
  }
}
