package io.tidemark.tests.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.Records;
import io.tidemark.log.record.WireRecords;
import io.tidemark.tests.history.History;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A client of a simulated machine: straight blocking code for one virtual thread. An idempotent
 * producer that sends a batch again, with its sequence, until it is acknowledged; and a reader.
 */
final class SimulatedClient {
  private static final long RETRY_MS = 20;
  private static final int MAX_VALUE_BYTES = 60_000;

  private final Simulation simulation;
  private final SimulatedMachine machine;
  private final String topic;
  private final int id;
  private final History history;
  private final int[] sequences;
  private long producerId = -1;
  private long count;

  SimulatedClient(
      Simulation simulation,
      SimulatedMachine machine,
      String topic,
      int partitions,
      int id,
      History history) {
    this.simulation = simulation;
    this.machine = machine;
    this.topic = topic;
    this.id = id;
    this.history = history;
    this.sequences = new int[partitions];
  }

  /** Creates the topic, unless an earlier try whose answer was lost did. */
  void createTopic() {
    CreateTopicsRequestData.CreatableTopic wanted =
        new CreateTopicsRequestData.CreatableTopic()
            .setName(topic)
            .setNumPartitions(sequences.length)
            .setReplicationFactor((short) 1);
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(30_000);
    request.topics().add(wanted);
    Errors error = Errors.REQUEST_TIMED_OUT;
    while (error != Errors.NONE && error != Errors.TOPIC_ALREADY_EXISTS) {
      ApiMessage answer = ask(ApiKeys.CREATE_TOPICS, 7, request);
      error =
          Errors.forCode(
              ((CreateTopicsResponseData) answer).topics().iterator().next().errorCode());
    }
  }

  /** Produces one batch of some records to some partition, until it is acknowledged. */
  void produceBatch() {
    while (producerId < 0) {
      ApiMessage answer =
          ask(
              ApiKeys.INIT_PRODUCER_ID,
              4,
              new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(0));
      InitProducerIdResponseData given = (InitProducerIdResponseData) answer;
      producerId = given.errorCode() == 0 ? given.producerId() : -1;
    }
    int partition = simulation.random().nextInt(sequences.length);
    int records = 1 + simulation.random().nextInt(3);
    long first = count;
    ByteBuffer batch = batch(partition, records);
    long baseOffset = -1;
    while (baseOffset < 0) {
      baseOffset = tryProduce(partition, batch.duplicate());
    }
    for (int i = 0; i < records; i++) {
      history.acknowledged(
          History.value(id, first + i), new TopicPartition(topic, partition), baseOffset + i);
    }
    sequences[partition] += records;
  }

  private ByteBuffer batch(int partition, int records) {
    RecordBatchBuilder builder =
        new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            RecordBatchHeader.NO_TIMESTAMP,
            producerId,
            (short) 0,
            sequences[partition],
            false);
    for (int i = 0; i < records; i++) {
      byte[] value = new byte[16 + simulation.random().nextInt(MAX_VALUE_BYTES)];
      byte[] name = (History.value(id, count++) + "|").getBytes(UTF_8);
      System.arraycopy(name, 0, value, 0, name.length);
      builder.append(simulation.wallClockMs(), null, value);
      history.sent();
    }
    return builder.build();
  }

  /** One try; the base offset, or -1 when it is not known whether the batch was taken. */
  private long tryProduce(int partition, ByteBuffer batch) {
    ProduceRequestData request =
        new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000).setTransactionalId(null);
    ProduceRequestData.TopicProduceData data = new ProduceRequestData.TopicProduceData();
    data.setName(topic)
        .partitionData()
        .add(
            new ProduceRequestData.PartitionProduceData()
                .setIndex(partition)
                .setRecords(WireRecords.of(batch)));
    request.topicData().add(data);
    ProduceResponseData answer = (ProduceResponseData) ask(ApiKeys.PRODUCE, 9, request);
    PartitionProduceResponse response =
        answer.responses().iterator().next().partitionResponses().getFirst();
    Errors error = Errors.forCode(response.errorCode());
    if (error == Errors.NONE) {
      return response.baseOffset();
    }
    if (!(error.exception() instanceof org.apache.kafka.common.errors.RetriableException)
        || error == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER) {
      throw new AssertionError(
          "produce to %s-%d was refused: %s %s"
              .formatted(topic, partition, error, response.errorMessage()));
    }
    simulation.time().sleep(RETRY_MS);
    return -1;
  }

  /** Reads a partition from its first to its last offset into the history. */
  void readAll(int partition) {
    long offset = 0;
    long end = Long.MAX_VALUE;
    while (offset < end) {
      FetchResponseData.PartitionData data = fetch(partition, offset);
      if (data == null) {
        simulation.time().sleep(RETRY_MS);
        continue;
      }
      end = data.highWatermark();
      ByteBuffer batches = WireRecords.bytes(data.records());
      offset = batches == null ? offset : take(partition, batches, offset);
    }
  }

  private long take(int partition, ByteBuffer batches, long from) {
    long[] next = {from};
    Records.visit(
        batches,
        (batch, record) -> {
          if (record.offset() >= next[0]) {
            history.read(
                new TopicPartition(topic, partition), record.offset(), name(record.value()));
            next[0] = record.offset() + 1;
          }
          return true;
        });
    return next[0];
  }

  private FetchResponseData.@Nullable PartitionData fetch(int partition, long offset) {
    FetchRequestData request =
        new FetchRequestData()
            .setReplicaId(-1)
            .setMaxWaitMs(100)
            .setMinBytes(1)
            .setMaxBytes(1 << 20)
            .setIsolationLevel(IsolationLevel.READ_UNCOMMITTED.id())
            .setSessionEpoch(-1);
    FetchRequestData.FetchTopic wanted = new FetchRequestData.FetchTopic().setTopic(topic);
    wanted
        .partitions()
        .add(
            new FetchRequestData.FetchPartition()
                .setPartition(partition)
                .setFetchOffset(offset)
                .setCurrentLeaderEpoch(-1)
                .setPartitionMaxBytes(256 << 10));
    request.setTopics(List.of(wanted));
    FetchResponseData answer = (FetchResponseData) ask(ApiKeys.FETCH, 12, request);
    if (answer.responses().isEmpty()) {
      return null;
    }
    FetchResponseData.PartitionData data = answer.responses().getFirst().partitions().getFirst();
    Errors error = Errors.forCode(data.errorCode());
    if (error == Errors.NONE) {
      return data;
    }
    if (!(error.exception() instanceof org.apache.kafka.common.errors.RetriableException)) {
      throw new AssertionError(
          "fetch of %s-%d at %d: %s".formatted(topic, partition, offset, error));
    }
    return null;
  }

  /** Asks until there is an answer. */
  private ApiMessage ask(ApiKeys key, int version, ApiMessage request) {
    while (true) {
      try {
        return machine.send(key, version, request).join();
      } catch (CompletionException e) {
        simulation.time().sleep(RETRY_MS);
      }
    }
  }

  private static String name(@Nullable ByteBuffer value) {
    if (value == null) {
      throw new AssertionError("a record without a value");
    }
    StringBuilder name = new StringBuilder();
    for (int i = value.position(); value.get(i) != '|'; i++) {
      name.append((char) value.get(i));
    }
    return name.toString();
  }
}
