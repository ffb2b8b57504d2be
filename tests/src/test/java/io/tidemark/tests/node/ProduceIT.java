package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.WireRecords;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ResponseHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Produce, message by message: what is refused and how, and the order of what is pipelined. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProduceIT {
  private static final short VERSION = 13;
  private static final short ALL = -1;

  private NodeFixture node;
  private Admin admin;
  private int topics;
  private String topic = "";
  private Uuid topicId = Uuid.ZERO_UUID;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = new NodeFixture(folder).start();
    admin = node.admin();
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  @BeforeEach
  void createTopic() throws Exception {
    topic = "produced-" + topics++;
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    topicId = Topics.id(admin, topic);
  }

  @Test
  @Scenario("S-180")
  void acksThatDoNotExistAreRefused() throws Exception {
    try (RawConnection connection = connect()) {
      assertThat(produce(connection, request((short) 2, batch("a"))).errorCode())
          .isEqualTo(Errors.INVALID_REQUIRED_ACKS.code());
    }
  }

  @Test
  void aTransactionalBatchNeedsARequestWithItsTransactionalId() throws Exception {
    ByteBuffer transactional =
        new RecordBatchBuilder(
                CompressionSpec.NONE, TimestampType.CREATE_TIME, -1, 77, (short) 0, 0, true)
            .append(1_700_000_000_000L, new byte[1], new byte[1])
            .build();
    try (RawConnection connection = connect()) {
      assertThat(produce(connection, request(ALL, transactional)).errorCode())
          .isEqualTo(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
    }
  }

  @Test
  void anUnknownTopicIdIsSaidToBeUnknown() throws Exception {
    topicId = new Uuid(5, 5);
    try (RawConnection connection = connect()) {
      assertThat(produce(connection, request(ALL, batch("a"))).errorCode())
          .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    }
  }

  @Test
  void aBatchWithAWrongChecksumIsRefusedAndNothingIsAppended() throws Exception {
    ByteBuffer damaged = batch("damaged");
    damaged.put(damaged.limit() - 2, (byte) (damaged.get(damaged.limit() - 2) ^ 1));
    try (RawConnection connection = connect()) {
      assertThat(produce(connection, request(ALL, damaged)).errorCode())
          .isEqualTo(Errors.CORRUPT_MESSAGE.code());
      assertThat(produce(connection, request(ALL, batch("whole"))).baseOffset()).isZero();
    }
  }

  @Test
  void aTimestampTooFarAheadIsRefusedWithTheRecordsThatHaveIt() throws Exception {
    ByteBuffer future =
        new RecordBatchBuilder(CompressionSpec.NONE)
            .append(Long.MAX_VALUE / 2, bytes("k"), bytes("v"))
            .build();
    try (RawConnection connection = connect()) {
      PartitionProduceResponse answer = produce(connection, request(ALL, future));

      assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_TIMESTAMP.code());
      assertThat(answer.recordErrors()).hasSize(1);
    }
  }

  @Test
  void aDuplicateIsAnsweredWithItsFirstOffset() throws Exception {
    try (RawConnection connection = connect()) {
      produce(connection, request(ALL, batch("before")));
      PartitionProduceResponse first = produce(connection, request(ALL, sequenced(77, 0)));
      PartitionProduceResponse again = produce(connection, request(ALL, sequenced(77, 0)));
      PartitionProduceResponse gap = produce(connection, request(ALL, sequenced(77, 5)));

      assertThat(first.baseOffset()).isEqualTo(1);
      assertThat(again.errorCode()).isEqualTo(Errors.NONE.code());
      assertThat(again.baseOffset()).isEqualTo(1);
      assertThat(gap.errorCode()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
    }
  }

  @Test
  void anErrorWithoutAnAnswerClosesTheConnection() throws Exception {
    topicId = new Uuid(5, 5);
    try (RawConnection connection = connect()) {
      send(connection, request((short) 0, batch("a")));

      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aLargeCompressedBatchKeepsItsPlaceBeforeASmallOne() throws Exception {
    List<Long> offsets = new ArrayList<>();
    try (RawConnection connection = connect()) {
      for (int round = 0; round < 10; round++) {
        send(connection, request(ALL, large()));
        send(connection, request(ALL, batch("small-" + round)));
      }
      for (int answer = 0; answer < 20; answer++) {
        offsets.add(partition(receive(connection)).baseOffset());
      }
    }
    assertThat(offsets).isSorted().doesNotHaveDuplicates();
    List<ConsumerRecord<String, String>> records = Reading.all(node, topic, 0, 20);
    for (int index = 0; index < 20; index++) {
      assertThat(records.get(index).value().startsWith("small-")).isEqualTo(index % 2 == 1);
    }
  }

  @Test
  void theCoordinatorsTopicIsNotWrittenByClients() throws Exception {
    admin.listConsumerGroupOffsets("any").all().get();
    topicId = Topics.id(admin, "__consumer_offsets");
    try (RawConnection connection = connect()) {
      assertThat(produce(connection, request(ALL, batch("a"))).errorCode())
          .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    }
  }

  private RawConnection connect() throws IOException {
    return new RawConnection(node.bootstrapServers());
  }

  private ProduceRequestData request(short acks, ByteBuffer records) {
    ProduceRequestData request = new ProduceRequestData().setAcks(acks).setTimeoutMs(5_000);
    PartitionProduceData partition =
        new PartitionProduceData().setIndex(0).setRecords(WireRecords.of(records));
    request
        .topicData()
        .add(new TopicProduceData().setTopicId(topicId).setPartitionData(List.of(partition)));
    return request;
  }

  private static PartitionProduceResponse produce(
      RawConnection connection, ProduceRequestData request) throws IOException {
    ByteBuffer body = MessageUtil.toByteBufferAccessor(request, VERSION).buffer();
    return partition(
        (ProduceResponseData) connection.ask(ApiKeys.PRODUCE, VERSION, body).response().data());
  }

  private static void send(RawConnection connection, ProduceRequestData request)
      throws IOException {
    connection.send(
        ApiKeys.PRODUCE, VERSION, MessageUtil.toByteBufferAccessor(request, VERSION).buffer());
  }

  private static ProduceResponseData receive(RawConnection connection) throws IOException {
    ByteBuffer frame = connection.receive();
    ResponseHeader.parse(frame, ApiKeys.PRODUCE.responseHeaderVersion(VERSION));
    return (ProduceResponseData)
        AbstractResponse.parseResponse(ApiKeys.PRODUCE, new ByteBufferAccessor(frame), VERSION)
            .data();
  }

  private static PartitionProduceResponse partition(ProduceResponseData response) {
    return response.responses().iterator().next().partitionResponses().getFirst();
  }

  private static ByteBuffer batch(String value) {
    return new RecordBatchBuilder(CompressionSpec.NONE)
        .append(System.currentTimeMillis(), bytes("k"), bytes(value))
        .build();
  }

  private static ByteBuffer sequenced(long producerId, int sequence) {
    return new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            -1,
            producerId,
            (short) 0,
            sequence,
            false)
        .append(1_700_000_000_000L, bytes("k"), bytes("v"))
        .build();
  }

  /** So large, though compressed, that it is looked into off the loop. */
  private static ByteBuffer large() {
    byte[] value = new byte[200_000];
    new Random(3).nextBytes(value);
    return new RecordBatchBuilder(CompressionSpec.gzip(1))
        .append(System.currentTimeMillis(), bytes("k"), value)
        .build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
