package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.log.record.WireRecords;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer with acks=all. It has some batches of one partition under way at once and
 * sends them again, in order and with their sequences, until all are acknowledged.
 */
final class IdempotentProducer {
  private static final int MAX_UNDER_WAY = 4;
  static final int PADDING_BYTES = 1_500;

  private record Batch(List<String> names, ByteBuffer bytes) {}

  private final ClusterClient client;
  private final Time time;
  private final RandomGenerator random;
  private final String topic;
  private final ClusterHistory history;
  private final int paddingBytes;
  private final int[] sequences;
  private long producerId = -1;
  private long count;

  IdempotentProducer(
      ClusterClient client,
      Time time,
      RandomGenerator random,
      String topic,
      int partitions,
      ClusterHistory history,
      int paddingBytes) {
    this.client = client;
    this.time = time;
    this.random = random;
    this.topic = topic;
    this.history = history;
    this.paddingBytes = paddingBytes;
    this.sequences = new int[partitions];
  }

  /** Produces a few batches to some partition, until all are acknowledged. */
  void produce() {
    if (producerId < 0) {
      producerId = newProducerId();
    }
    int partition = random.nextInt(sequences.length);
    List<Batch> unacknowledged = new ArrayList<>();
    // A leader that knows nothing of a producer takes any sequence as its first, as in Kafka. So
    // the first batch must be there before others may overtake it.
    int batches = sequences[partition] == 0 ? 1 : 1 + random.nextInt(MAX_UNDER_WAY);
    for (int i = 0; i < batches; i++) {
      unacknowledged.add(nextBatch(partition));
    }
    while (!unacknowledged.isEmpty()) {
      HostPort leader = client.leader(topic, partition);
      if (leader != null) {
        sendAll(leader, partition, unacknowledged);
      }
    }
  }

  private long newProducerId() {
    return newProducerId(client);
  }

  /** A producer id that nobody else has. */
  static long newProducerId(ClusterClient client) {
    while (true) {
      InitProducerIdResponseData given =
          (InitProducerIdResponseData)
              client.askAnybody(
                  ApiKeys.INIT_PRODUCER_ID,
                  new InitProducerIdRequestData()
                      .setTransactionalId(null)
                      .setTransactionTimeoutMs(0));
      if (given.errorCode() == Errors.NONE.code()) {
        return given.producerId();
      }
      ClusterClient.checkRetriable(Errors.forCode(given.errorCode()), "InitProducerId");
      client.pause();
    }
  }

  private Batch nextBatch(int partition) {
    List<String> names = new ArrayList<>();
    int records = 1 + random.nextInt(3);
    for (int i = 0; i < records; i++) {
      String name = client.name() + ":" + count++;
      names.add(name);
      history.sending(name, new TopicPartition(topic, partition), true);
    }
    ByteBuffer bytes =
        Values.batch(
            names,
            producerId,
            sequences[partition],
            time.milliseconds(),
            random.nextInt(paddingBytes));
    sequences[partition] += records;
    return new Batch(names, bytes);
  }

  /** One try of all that are left, one behind the other; those acknowledged are taken out. */
  private void sendAll(HostPort leader, int partition, List<Batch> unacknowledged) {
    List<Batch> tried = List.copyOf(unacknowledged);
    List<CompletableFuture<Outcome>> answers =
        tried.stream()
            .map(batch ->
                client.send(
                    leader,
                    ApiKeys.PRODUCE,
                    produceRequest(client, topic, partition, batch.bytes(), (short) -1)))
            .toList();
    boolean isAnyLeft = false;
    for (int i = 0; i < tried.size(); i++) {
      if (isAcknowledged(answers.get(i).join(), partition, tried.get(i), isAnyLeft)) {
        unacknowledged.remove(tried.get(i));
      } else {
        isAnyLeft = true;
      }
    }
    if (isAnyLeft) {
      client.forget(topic);
      client.pause();
    }
  }

  private boolean isAcknowledged(
      Outcome outcome, int partition, Batch batch, boolean isBehindFailure) {
    PartitionProduceResponse answer = answer(outcome);
    if (answer == null) {
      return false;
    }
    Errors error = Errors.forCode(answer.errorCode());
    return switch (error) {
      case NONE -> {
        for (int i = 0; i < batch.names().size(); i++) {
          history.done(
              batch.names().get(i), answer.baseOffset() < 0 ? -1 : answer.baseOffset() + i);
        }
        yield true;
      }
      case DUPLICATE_SEQUENCE_NUMBER -> {
        batch.names().forEach(name -> history.done(name, -1));
        yield true;
      }
      case OUT_OF_ORDER_SEQUENCE_NUMBER -> {
        if (!isBehindFailure) {
          throw new AssertionError(
              "%s of %s to partition %d is out of order, and all before it was acknowledged"
                  .formatted(batch.names(), client.name(), partition));
        }
        yield false;
      }
      default -> {
        ClusterClient.checkRetriable(error, "Produce");
        yield false;
      }
    };
  }

  static @Nullable PartitionProduceResponse answer(Outcome outcome) {
    return outcome instanceof Outcome.Answered answered
        ? ((ProduceResponseData) answered.body())
            .responses()
            .iterator()
            .next()
            .partitionResponses()
            .getFirst()
        : null;
  }

  static ProduceRequestData produceRequest(
      ClusterClient client, String topic, int partition, ByteBuffer batch, short acks) {
    ProduceRequestData request =
        new ProduceRequestData().setAcks(acks).setTimeoutMs(3_000).setTransactionalId(null);
    ProduceRequestData.TopicProduceData data =
        new ProduceRequestData.TopicProduceData().setName(topic);
    ClusterClient.TopicView view = client.topic(topic);
    if (view != null) {
      data.setTopicId(view.id());
    }
    data.partitionData()
        .add(
            new ProduceRequestData.PartitionProduceData()
                .setIndex(partition)
                .setRecords(WireRecords.of(batch.duplicate())));
    request.topicData().add(data);
    return request;
  }
}
