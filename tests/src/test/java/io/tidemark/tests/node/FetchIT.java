package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.log.record.WireRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Fetch sessions and long polls, message by message. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FetchIT {
  private static final short VERSION = 17;
  private static final int PATIENT_MS = 60_000;

  private NodeFixture node;
  private Admin admin;
  private KafkaProducer<String, String> producer;
  private int topics;
  private String topic = "";
  private Uuid topicId = Uuid.ZERO_UUID;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = new NodeFixture(folder).start();
    admin = node.admin();
    producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of("linger.ms", 0)),
            new StringSerializer(),
            new StringSerializer());
  }

  @AfterAll
  void stop() {
    producer.close();
    admin.close();
    node.close();
  }

  @BeforeEach
  void createTopic() throws Exception {
    topic = "fetched-" + topics++;
    admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();
    topicId = Topics.id(admin, topic);
  }

  @Test
  void aSessionTellsWhatChangedAndNothingElse() throws Exception {
    send(0, "a");
    try (RawConnection connection = connect()) {
      FetchResponseData first = fetch(connection, request(0, 0, 0, at(0, 0), at(1, 0), at(2, 0)));
      assertThat(first.sessionId()).isPositive();
      assertThat(partitions(first))
          .extracting(PartitionData::partitionIndex)
          .containsExactly(0, 1, 2);

      FetchResponseData nothing = fetch(connection, request(first.sessionId(), 1, 0, at(0, 1)));
      assertThat(partitions(nothing)).isEmpty();

      send(2, "b");
      FetchResponseData news = fetch(connection, request(first.sessionId(), 2, 0));
      assertThat(partitions(news)).extracting(PartitionData::partitionIndex).containsExactly(2);
    }
  }

  @Test
  void whatTheClientDidNotTakeIsToldAgain() throws Exception {
    send(1, "a");
    try (RawConnection connection = connect()) {
      FetchResponseData first = fetch(connection, request(0, 0, 0, at(1, 0)));
      FetchResponseData second = fetch(connection, request(first.sessionId(), 1, 0));

      assertThat(sizeOf(partitions(second).getFirst()))
          .isEqualTo(sizeOf(partitions(first).getFirst()));
    }
  }

  @Test
  void aForgottenPartitionIsNotToldAnyMore() throws Exception {
    try (RawConnection connection = connect()) {
      FetchResponseData first = fetch(connection, request(0, 0, 0, at(0, 0), at(1, 0)));
      FetchRequestData forget = request(first.sessionId(), 1, 0);
      forget
          .forgottenTopicsData()
          .add(new ForgottenTopic().setTopicId(topicId).setPartitions(List.of(0)));
      fetch(connection, forget);
      send(0, "a");
      send(1, "b");

      FetchResponseData news = fetch(connection, request(first.sessionId(), 2, 0));

      assertThat(partitions(news)).extracting(PartitionData::partitionIndex).containsExactly(1);
    }
  }

  @Test
  void aSessionIsRefusedByWrongIdAndWrongEpoch() throws Exception {
    try (RawConnection connection = connect()) {
      FetchResponseData first = fetch(connection, request(0, 0, 0, at(0, 0)));

      assertThat(fetch(connection, request(first.sessionId(), 5, 0)).errorCode())
          .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
      assertThat(fetch(connection, request(first.sessionId() + 1, 1, 0)).errorCode())
          .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    }
  }

  @Test
  void aSessionGoesOnFromAnotherConnection() throws Exception {
    int session;
    try (RawConnection connection = connect()) {
      session = fetch(connection, request(0, 0, 0, at(0, 0))).sessionId();
    }
    send(0, "a");
    try (RawConnection connection = connect()) {
      assertThat(partitions(fetch(connection, request(session, 1, 0)))).hasSize(1);
    }
  }

  @Test
  void aClosedSessionIsForgotten() throws Exception {
    try (RawConnection connection = connect()) {
      int session = fetch(connection, request(0, 0, 0, at(0, 0))).sessionId();

      assertThat(fetch(connection, request(session, -1, 0, at(0, 0))).sessionId()).isZero();
      assertThat(fetch(connection, request(session, 1, 0)).errorCode())
          .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    }
  }

  @Test
  void aWaitingFetchIsAnsweredByTheNextRecord() throws Exception {
    try (RawConnection connection = connect()) {
      CompletableFuture<FetchResponseData> waiting =
          CompletableFuture.supplyAsync(
              () -> fetchQuietly(connection, request(0, -1, PATIENT_MS, at(0, 0))));
      send(0, "a");

      FetchResponseData answer = waiting.get(PATIENT_MS / 2, TimeUnit.MILLISECONDS);

      assertThat(sizeOf(partitions(answer).getFirst())).isPositive();
    }
  }

  @Test
  void aDeletedTopicEndsTheWait() throws Exception {
    try (RawConnection connection = connect()) {
      CompletableFuture<FetchResponseData> waiting =
          CompletableFuture.supplyAsync(
              () -> fetchQuietly(connection, request(0, -1, PATIENT_MS, at(0, 0))));
      admin.deleteTopics(List.of(topic)).all().get();

      FetchResponseData answer = waiting.get(PATIENT_MS / 2, TimeUnit.MILLISECONDS);

      assertThat(partitions(answer).getFirst().errorCode())
          .isIn(
              Errors.UNKNOWN_TOPIC_ID.code(),
              Errors.NOT_LEADER_OR_FOLLOWER.code(),
              Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
  }

  @Test
  void anEmptyFetchAnswersWhenItsTimeIsUp() throws Exception {
    try (RawConnection connection = connect()) {
      FetchResponseData answer = fetch(connection, request(0, -1, 100, at(0, 0)));

      assertThat(partitions(answer))
          .singleElement()
          .satisfies(data -> assertThat(sizeOf(data)).isZero());
    }
  }

  @Test
  void partitionsTakeTurnsWhereNotAllFit() throws Exception {
    for (int partition = 0; partition < 3; partition++) {
      send(partition, "x".repeat(500));
    }
    try (RawConnection connection = connect()) {
      FetchRequestData small = request(0, 0, 0, at(0, 0), at(1, 0), at(2, 0)).setMaxBytes(100);
      FetchResponseData first = fetch(connection, small);
      assertThat(withRecords(first)).containsExactly(0);

      FetchResponseData second =
          fetch(connection, request(first.sessionId(), 1, 0, at(0, 1)).setMaxBytes(100));
      FetchResponseData third =
          fetch(connection, request(first.sessionId(), 2, 0, at(1, 1)).setMaxBytes(100));

      assertThat(withRecords(second)).containsExactly(1);
      assertThat(withRecords(third)).containsExactly(2);
    }
  }

  @Test
  void offsetsOutsideTheLogAreRefused() throws Exception {
    send(0, "a");
    send(0, "b");
    admin
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(1)))
        .all()
        .get();
    try (RawConnection connection = connect()) {
      FetchResponseData below = fetch(connection, request(0, -1, 0, at(0, 0)));
      FetchResponseData above = fetch(connection, request(0, -1, 0, at(0, 9)));

      assertThat(partitions(below).getFirst().errorCode())
          .isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
      assertThat(partitions(above).getFirst().errorCode())
          .isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
    }
  }

  @Test
  void wrongEpochsAreRefused() throws Exception {
    try (RawConnection connection = connect()) {
      FetchPartition ahead = at(0, 0).setCurrentLeaderEpoch(99);

      assertThat(partitions(fetch(connection, request(0, -1, 0, ahead))).getFirst().errorCode())
          .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
    }
  }

  @Test
  void aHistoryTheLeaderDoesNotHaveDiverges() throws Exception {
    send(0, "a");
    try (RawConnection connection = connect()) {
      FetchPartition other = at(0, 5).setLastFetchedEpoch(0);

      PartitionData answer = partitions(fetch(connection, request(0, -1, 0, other))).getFirst();

      assertThat(answer.divergingEpoch().endOffset()).isEqualTo(1);
    }
  }

  private RawConnection connect() throws IOException {
    return new RawConnection(node.bootstrapServers());
  }

  private FetchRequestData request(
      int session, int epoch, int maxWaitMs, FetchPartition... partitions) {
    FetchRequestData request =
        new FetchRequestData()
            .setMaxWaitMs(maxWaitMs)
            .setMinBytes(1)
            .setMaxBytes(1 << 20)
            .setSessionId(session)
            .setSessionEpoch(epoch);
    if (partitions.length > 0) {
      request.topics().add(new FetchTopic().setTopicId(topicId).setPartitions(List.of(partitions)));
    }
    return request;
  }

  private static FetchPartition at(int partition, long offset) {
    return new FetchPartition()
        .setPartition(partition)
        .setFetchOffset(offset)
        .setPartitionMaxBytes(1 << 20);
  }

  private static FetchResponseData fetch(RawConnection connection, FetchRequestData request)
      throws IOException {
    var body = MessageUtil.toByteBufferAccessor(request, VERSION).buffer();
    return (FetchResponseData) connection.ask(ApiKeys.FETCH, VERSION, body).response().data();
  }

  private static FetchResponseData fetchQuietly(
      RawConnection connection, FetchRequestData request) {
    try {
      return fetch(connection, request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<PartitionData> partitions(FetchResponseData response) {
    List<PartitionData> partitions = new ArrayList<>();
    response.responses().forEach(answered -> partitions.addAll(answered.partitions()));
    return partitions;
  }

  private static List<Integer> withRecords(FetchResponseData response) {
    return partitions(response).stream()
        .filter(data -> sizeOf(data) > 0)
        .map(PartitionData::partitionIndex)
        .toList();
  }

  private static int sizeOf(PartitionData data) {
    var bytes = WireRecords.bytes(data.records());
    return bytes == null ? 0 : bytes.remaining();
  }

  private void send(int partition, String value) throws Exception {
    producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
  }
}
