package io.tidemark.gateway.forward;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
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
            parts(
                request.topicData(),
                topic ->
                    topic.partitionData().stream()
                        .map(p -> new PartitionPart(topic.topicId(), topic.name(), p.index()))),
        (request, isKept) -> {
          ProduceRequestData copy =
              new ProduceRequestData()
                  .setTransactionalId(request.transactionalId())
                  .setAcks(request.acks())
                  .setTimeoutMs(request.timeoutMs());
          request
              .topicData()
              .forEach(topic -> {
                List<ProduceRequestData.PartitionProduceData> kept =
                    topic.partitionData().stream()
                        .filter(p ->
                            isKept.test(
                                new PartitionPart(topic.topicId(), topic.name(), p.index())))
                        .toList();
                if (!kept.isEmpty()) {
                  copy.topicData()
                      .add(
                          new ProduceRequestData.TopicProduceData()
                              .setName(topic.name())
                              .setTopicId(topic.topicId())
                              .setPartitionData(kept));
                }
              });
          return copy;
        },
        PartitionSplits::joinProduce,
        Errors.NOT_LEADER_OR_FOLLOWER,
        Errors.NETWORK_EXCEPTION);
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
                both(known.partitionResponses(), topic.partitionResponses()));
          }
        });
  }

  static SplitApi<PartitionPart, ListOffsetsRequestData, ListOffsetsResponseData> listOffsets() {
    return new SplitApi<>(
        ListOffsetsRequestData.class,
        ListOffsetsResponseData.class,
        request ->
            parts(
                request.topics(),
                topic -> named(topic.name(), topic.partitions(), p -> p.partitionIndex())),
        (request, isKept) -> {
          ListOffsetsRequestData copy = request.duplicate();
          copy.topics()
              .removeIf(topic ->
                  isEmptied(topic.name(), topic.partitions(), p -> p.partitionIndex(), isKept));
          return copy;
        },
        (answer, more) -> {
          answer.setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()));
          answer.setTopics(
              joined(
                  answer.topics(),
                  more.topics(),
                  topic -> topic.name(),
                  (known, topic) ->
                      known.setPartitions(both(known.partitions(), topic.partitions()))));
        },
        Errors.NOT_LEADER_OR_FOLLOWER,
        Errors.NOT_LEADER_OR_FOLLOWER);
  }

  static SplitApi<PartitionPart, OffsetForLeaderEpochRequestData, OffsetForLeaderEpochResponseData>
      offsetForLeaderEpoch() {
    return new SplitApi<>(
        OffsetForLeaderEpochRequestData.class,
        OffsetForLeaderEpochResponseData.class,
        request ->
            parts(
                request.topics(),
                topic -> named(topic.topic(), topic.partitions(), p -> p.partition())),
        (request, isKept) -> {
          OffsetForLeaderEpochRequestData copy = request.duplicate();
          copy.topics()
              .removeIf(topic ->
                  isEmptied(topic.topic(), topic.partitions(), p -> p.partition(), isKept));
          return copy;
        },
        (answer, more) -> {
          answer.setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()));
          more.topics()
              .forEach(topic -> {
                var known = answer.topics().find(topic.topic());
                if (known == null) {
                  answer.topics().add(topic.duplicate());
                } else {
                  known.setPartitions(both(known.partitions(), topic.partitions()));
                }
              });
        },
        Errors.NOT_LEADER_OR_FOLLOWER,
        Errors.NOT_LEADER_OR_FOLLOWER);
  }

  static SplitApi<PartitionPart, DeleteRecordsRequestData, DeleteRecordsResponseData>
      deleteRecords() {
    return new SplitApi<>(
        DeleteRecordsRequestData.class,
        DeleteRecordsResponseData.class,
        request ->
            parts(
                request.topics(),
                topic -> named(topic.name(), topic.partitions(), p -> p.partitionIndex())),
        (request, isKept) -> {
          DeleteRecordsRequestData copy = request.duplicate();
          copy.topics()
              .removeIf(topic ->
                  isEmptied(topic.name(), topic.partitions(), p -> p.partitionIndex(), isKept));
          return copy;
        },
        (answer, more) -> {
          answer.setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()));
          more.topics()
              .forEach(topic -> {
                var known = answer.topics().find(topic.name());
                if (known == null) {
                  answer.topics().add(topic.duplicate());
                } else {
                  topic.partitions().forEach(p -> known.partitions().add(p.duplicate()));
                }
              });
        },
        Errors.NOT_LEADER_OR_FOLLOWER,
        Errors.NETWORK_EXCEPTION);
  }

  static SplitApi<PartitionPart, DescribeProducersRequestData, DescribeProducersResponseData>
      describeProducers() {
    return new SplitApi<>(
        DescribeProducersRequestData.class,
        DescribeProducersResponseData.class,
        request ->
            parts(
                request.topics(),
                topic -> named(topic.name(), topic.partitionIndexes(), index -> index)),
        (request, isKept) -> {
          DescribeProducersRequestData copy = request.duplicate();
          copy.topics()
              .removeIf(topic ->
                  isEmptied(topic.name(), topic.partitionIndexes(), index -> index, isKept));
          return copy;
        },
        (answer, more) -> {
          answer.setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()));
          answer.setTopics(
              joined(
                  answer.topics(),
                  more.topics(),
                  topic -> topic.name(),
                  (known, topic) ->
                      known.setPartitions(both(known.partitions(), topic.partitions()))));
        },
        Errors.NOT_LEADER_OR_FOLLOWER,
        Errors.NOT_LEADER_OR_FOLLOWER);
  }

  private static <T> List<PartitionPart> parts(
      Collection<T> topics, Function<T, Stream<PartitionPart>> partsOf) {
    return topics.stream().flatMap(partsOf).toList();
  }

  private static <P> Stream<PartitionPart> named(
      String topic, Collection<P> partitions, Function<P, Integer> index) {
    return partitions.stream().map(p -> PartitionPart.named(topic, index.apply(p)));
  }

  /** Keeps some partitions of a topic; true when none is left. */
  private static <P> boolean isEmptied(
      String topic,
      Collection<P> partitions,
      Function<P, Integer> index,
      Predicate<PartitionPart> isKept) {
    partitions.removeIf(p -> !isKept.test(PartitionPart.named(topic, index.apply(p))));
    return partitions.isEmpty();
  }

  /** Topics of both lists, each once. */
  private static <T> List<T> joined(
      List<T> answered, List<T> more, Function<T, String> name, BiConsumer<T, T> addPartitions) {
    List<T> all = new ArrayList<>(answered);
    for (T topic : more) {
      all.stream()
          .filter(known -> name.apply(known).equals(name.apply(topic)))
          .findFirst()
          .ifPresentOrElse(known -> addPartitions.accept(known, topic), () -> all.add(topic));
    }
    return all;
  }

  private static <P> List<P> both(List<P> first, List<P> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
