package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.WireRecords;
import io.tidemark.scenario.Scenario;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that cannot be loaded when the node starts: its partition says so, all others serve. */
class OfflineLogIT {
  private static final int RECORDS = 2_500;
  private static final String VALUE = "v".repeat(1_000);

  @TempDir Path home = Path.of("");

  @Test
  @Scenario("S-87")
  void aPartitionWithADamagedSegmentIsOfflineAndTheOthersServe() throws Exception {
    try (NodeFixture node = new NodeFixture(home).start()) {
      produce(node, "damaged");
      produce(node, "sound");
      node.stop();
      damage(home.resolve("data/damaged-0/00000000000000000000.log"));
      forgetTheCleanStop(home.resolve("data"));
      node.start();

      assertRefused(node, "damaged");
      assertThat(Reading.all(node, "sound", 0, RECORDS)).hasSize(RECORDS);
      try (Admin admin = node.admin()) {
        TopicDescription described =
            admin.describeTopics(List.of("damaged")).allTopicNames().get().get("damaged");
        assertThat(described.partitions().getFirst().leader()).isNull();
        assertThat(
                admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values().stream()
                    .map(dir -> dir.replicaInfos().get(new TopicPartition("damaged", 0)))
                    .filter(info -> info != null)
                    .map(info -> info.size() > 2_000_000))
            .containsExactly(true);
        assertThat(metrics(node)).contains("tidemark_log_replicas_offline 1.0");

        admin.deleteTopics(List.of("damaged")).all().get();
        assertThat(metrics(node)).contains("tidemark_log_replicas_offline 0.0");
        admin.createTopics(List.of(new NewTopic("damaged", 1, (short) 1))).all().get();
      }
      produce(node, "damaged");
      assertThat(Reading.all(node, "damaged", 0, RECORDS)).hasSize(RECORDS);
    }
  }

  @Test
  @Scenario("S-96")
  void partitionsInAFailedDirectoryAreOfflineAndNewTopicsGoToTheOther() throws Exception {
    Path first = home.resolve("first");
    Path second = home.resolve("second");
    try (NodeFixture node = new NodeFixture(home).with("log.dirs", first + "," + second).start()) {
      produce(node, "a");
      produce(node, "b");
      node.stop();
      String lost = Files.exists(second.resolve("a-0")) ? "a" : "b";
      String kept = lost.equals("a") ? "b" : "a";
      assertThat(first.resolve(kept + "-0")).exists();
      Files.move(second, home.resolve("gone"));
      Files.createFile(second);
      node.start();

      assertRefused(node, lost);
      assertThat(Reading.all(node, kept, 0, RECORDS)).hasSize(RECORDS);
      produce(node, "new");
      assertThat(Reading.all(node, "new", 0, RECORDS)).hasSize(RECORDS);
      assertThat(metrics(node)).contains("tidemark_log_replicas_offline 1.0");
    }
  }

  private static void assertRefused(NodeFixture node, String topic) throws Exception {
    MetadataResponseData metadata =
        (MetadataResponseData)
            ask(
                node,
                ApiKeys.METADATA,
                9,
                new MetadataRequestData()
                    .setTopics(
                        List.of(new MetadataRequestData.MetadataRequestTopic().setName(topic))));
    var partition = metadata.topics().find(topic).partitions().getFirst();
    assertThat(Errors.forCode(partition.errorCode())).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
    assertThat(partition.leaderId()).isEqualTo(-1);
    assertThat(partition.offlineReplicas()).containsExactly(1);
    assertThat(produceError(node, topic)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    assertThat(fetchError(node, topic)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    assertThat(listOffsetsError(node, topic)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
  }

  private static Errors produceError(NodeFixture node, String topic) throws Exception {
    RecordBatchBuilder batch =
        new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            RecordBatchHeader.NO_TIMESTAMP,
            -1,
            (short) -1,
            -1,
            false);
    batch.append(1, null, new byte[] {1});
    ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1_000);
    request
        .topicData()
        .add(
            new ProduceRequestData.TopicProduceData()
                .setName(topic)
                .setPartitionData(
                    List.of(
                        new ProduceRequestData.PartitionProduceData()
                            .setIndex(0)
                            .setRecords(WireRecords.of(batch.build())))));
    ProduceResponseData answer = (ProduceResponseData) ask(node, ApiKeys.PRODUCE, 9, request);
    return Errors.forCode(
        answer.responses().iterator().next().partitionResponses().getFirst().errorCode());
  }

  private static Errors fetchError(NodeFixture node, String topic) throws Exception {
    FetchRequestData request =
        new FetchRequestData()
            .setMaxWaitMs(0)
            .setTopics(
                List.of(
                    new FetchRequestData.FetchTopic()
                        .setTopic(topic)
                        .setPartitions(
                            List.of(
                                new FetchRequestData.FetchPartition()
                                    .setPartition(0)
                                    .setPartitionMaxBytes(1_000)))));
    FetchResponseData answer = (FetchResponseData) ask(node, ApiKeys.FETCH, 12, request);
    return Errors.forCode(answer.responses().getFirst().partitions().getFirst().errorCode());
  }

  private static Errors listOffsetsError(NodeFixture node, String topic) throws Exception {
    ListOffsetsRequestData request =
        new ListOffsetsRequestData()
            .setReplicaId(-1)
            .setTopics(
                List.of(
                    new ListOffsetsRequestData.ListOffsetsTopic()
                        .setName(topic)
                        .setPartitions(
                            List.of(
                                new ListOffsetsRequestData.ListOffsetsPartition()
                                    .setPartitionIndex(0)
                                    .setTimestamp(-1)))));
    ListOffsetsResponseData answer =
        (ListOffsetsResponseData) ask(node, ApiKeys.LIST_OFFSETS, 7, request);
    return Errors.forCode(answer.topics().getFirst().partitions().getFirst().errorCode());
  }

  private static ApiMessage ask(NodeFixture node, ApiKeys key, int version, ApiMessage request)
      throws Exception {
    return node.send(key, (short) version, request).get(60, TimeUnit.SECONDS);
  }

  private static void produce(NodeFixture node, String topic) throws Exception {
    try (Admin admin = node.admin()) {
      if (!admin.listTopics().names().get().contains(topic)) {
        NewTopic created = new NewTopic(topic, 1, (short) 1);
        created.configs(Map.of("segment.bytes", "1048576"));
        admin.createTopics(List.of(created)).all().get();
      }
    }
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of()), new StringSerializer(), new StringSerializer())) {
      for (int index = 0; index < RECORDS; index++) {
        producer.send(new ProducerRecord<>(topic, "key-" + index, VALUE));
      }
    }
  }

  private static void damage(Path segment) throws Exception {
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);
  }

  /** As after a crash of the process before anything was noted as being on the disk. */
  private static void forgetTheCleanStop(Path directory) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.equals("clean-shutdown") || name.equals("recovery-point-offset-checkpoint")) {
          Files.delete(file);
        }
      }
    }
  }

  private static String metrics(NodeFixture node) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + node.http().port() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
