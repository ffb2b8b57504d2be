package io.tidemark.gateway.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Requests that ask leaders about partitions. What only reads may be asked again whatever became of
 * it, so a lost answer is told as a change of leaders; of what writes the client must know that
 * nobody knows.
 */
final class PartitionSplits {
  private PartitionSplits() {}

  static SplitApi<PartitionPart, ProduceRequestData, ProduceResponseData> produce() {
    return new SplitApi<>(
        ProduceRequestData.class,
        ProduceResponseData.class,
        request ->
            request.topicData().stream()
                .flatMap(topic -> topic.partitionData().stream().map(p -> part(topic, p)))
                .toList(),
        PartitionSplits::onlyProduce,
        PartitionSplits::joinProduce,
        Errors.NOT_LEADER_OR_FOLLOWER,
        Errors.NETWORK_EXCEPTION);
  }

  private static PartitionPart part(TopicProduceData topic, PartitionProduceData partition) {
    return new PartitionPart(topic.topicId(), topic.name(), partition.index());
  }

  /** Records are not copied. */
  private static ProduceRequestData onlyProduce(
      ProduceRequestData request, Predicate<PartitionPart> isKept) {
    ProduceRequestData copy =
        new ProduceRequestData()
            .setTransactionalId(request.transactionalId())
            .setAcks(request.acks())
            .setTimeoutMs(request.timeoutMs());
    for (TopicProduceData topic : request.topicData()) {
      List<PartitionProduceData> kept =
          topic.partitionData().stream().filter(p -> isKept.test(part(topic, p))).toList();
      if (!kept.isEmpty()) {
        copy.topicData()
            .add(
                new TopicProduceData()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitionData(kept));
      }
    }
    return copy;
  }

  private static void joinProduce(ProduceResponseData answer, ProduceResponseData more) {
    answer.setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()));
    more.responses()
        .forEach(topic -> {
          var known = answer.responses().find(topic.name(), topic.topicId());
          if (known == null) {
            answer.responses().add(topic.duplicate());
          } else {
            known.setPartitionResponses(
                SplitApi.both(known.partitionResponses(), topic.partitionResponses()));
          }
        });
  }

  static SplitApi<PartitionPart, ListOffsetsRequestData, ListOffsetsResponseData> listOffsets() {
    return byName(
        ListOffsetsRequestData.class,
        ListOffsetsResponseData.class,
        new TopicsByName<>(
            ListOffsetsRequestData::duplicate,
            ListOffsetsRequestData::topics,
            topic -> topic.name(),
            topic -> topic.partitions(),
            p -> p.partitionIndex()),
        (answer, more) -> {
          var topics = new ArrayList<>(answer.topics());
          TopicsByName.join(
              topics,
              more.topics(),
              topic -> topic.name(),
              topic -> topic,
              (known, topic) ->
                  known.setPartitions(SplitApi.both(known.partitions(), topic.partitions())));
          answer
              .setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()))
              .setTopics(topics);
        },
        Errors.NOT_LEADER_OR_FOLLOWER);
  }

  static SplitApi<PartitionPart, OffsetForLeaderEpochRequestData, OffsetForLeaderEpochResponseData>
      offsetForLeaderEpoch() {
    return byName(
        OffsetForLeaderEpochRequestData.class,
        OffsetForLeaderEpochResponseData.class,
        new TopicsByName<>(
            OffsetForLeaderEpochRequestData::duplicate,
            OffsetForLeaderEpochRequestData::topics,
            topic -> topic.topic(),
            topic -> topic.partitions(),
            p -> p.partition()),
        (answer, more) -> {
          answer.setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()));
          TopicsByName.join(
              answer.topics(),
              more.topics(),
              topic -> topic.topic(),
              topic -> topic.duplicate(),
              (known, topic) ->
                  known.setPartitions(SplitApi.both(known.partitions(), topic.partitions())));
        },
        Errors.NOT_LEADER_OR_FOLLOWER);
  }

  static SplitApi<PartitionPart, DeleteRecordsRequestData, DeleteRecordsResponseData>
      deleteRecords() {
    return byName(
        DeleteRecordsRequestData.class,
        DeleteRecordsResponseData.class,
        new TopicsByName<>(
            DeleteRecordsRequestData::duplicate,
            DeleteRecordsRequestData::topics,
            topic -> topic.name(),
            topic -> topic.partitions(),
            p -> p.partitionIndex()),
        (answer, more) -> {
          answer.setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()));
          TopicsByName.join(
              answer.topics(),
              more.topics(),
              topic -> topic.name(),
              topic -> topic.duplicate(),
              (known, topic) ->
                  topic.partitions().forEach(p -> known.partitions().add(p.duplicate())));
        },
        Errors.NETWORK_EXCEPTION);
  }

  static SplitApi<PartitionPart, DescribeProducersRequestData, DescribeProducersResponseData>
      describeProducers() {
    return byName(
        DescribeProducersRequestData.class,
        DescribeProducersResponseData.class,
        new TopicsByName<>(
            DescribeProducersRequestData::duplicate,
            DescribeProducersRequestData::topics,
            topic -> topic.name(),
            topic -> topic.partitionIndexes(),
            index -> index),
        (answer, more) -> {
          var topics = new ArrayList<>(answer.topics());
          TopicsByName.join(
              topics,
              more.topics(),
              topic -> topic.name(),
              topic -> topic,
              (known, topic) ->
                  known.setPartitions(SplitApi.both(known.partitions(), topic.partitions())));
          answer
              .setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()))
              .setTopics(topics);
        },
        Errors.NOT_LEADER_OR_FOLLOWER);
  }

  private static <Q extends ApiMessage, A extends ApiMessage> SplitApi<PartitionPart, Q, A> byName(
      Class<Q> requestType,
      Class<A> answerType,
      TopicsByName<Q, ?, ?> asked,
      BiConsumer<A, A> join,
      Errors whenLost) {
    return new SplitApi<>(
        requestType,
        answerType,
        asked::parts,
        asked::only,
        join,
        Errors.NOT_LEADER_OR_FOLLOWER,
        whenLost);
  }
}
