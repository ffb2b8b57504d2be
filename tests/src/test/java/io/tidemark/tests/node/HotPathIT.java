package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.node.NodeFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Produce and fetch from local disks, with the clients' defaults: idempotence, acks=all, fetch
 * sessions.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HotPathIT {
  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    node = new NodeFixture(home).start();
    admin = node.admin();
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  @Test
  void whatIsProducedIsConsumedInOrder() throws Exception {
    create("orders", 2);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<String, String> producer = producer(Map.of())) {
      for (int index = 0; index < 1_000; index++) {
        sent.add(producer.send(new ProducerRecord<>("orders", index % 2, "k", "value-" + index)));
      }
    }
    for (Future<RecordMetadata> future : sent) {
      assertThat(future.get().offset()).isNotNegative();
    }
    for (int partition = 0; partition < 2; partition++) {
      List<ConsumerRecord<String, String>> records = Reading.all(node, "orders", partition, 500);
      for (int index = 0; index < 500; index++) {
        assertThat(records.get(index).offset()).isEqualTo(index);
        assertThat(records.get(index).value()).isEqualTo("value-" + (2 * index + partition));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void everyCompressionComesBack(String compression) throws Exception {
    String topic = "compressed-" + compression;
    create(topic, 1);
    try (KafkaProducer<String, String> producer =
        producer(Map.of("compression.type", compression))) {
      for (int index = 0; index < 200; index++) {
        producer.send(new ProducerRecord<>(topic, "key-" + index, "x".repeat(500)));
      }
    }
    assertThat(Reading.all(node, topic, 0, 200)).hasSize(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "all"})
  void everyKindOfAcksIsServed(String acks) throws Exception {
    String topic = "acks-" + acks;
    create(topic, 1);
    Map<String, Object> config = Map.of("acks", acks, "enable.idempotence", acks.equals("all"));
    try (KafkaProducer<String, String> producer = producer(config)) {
      for (int index = 0; index < 50; index++) {
        producer.send(new ProducerRecord<>(topic, "v" + index)).get();
      }
    }
    assertThat(Reading.all(node, topic, 0, 50)).hasSize(50);
  }

  @Test
  void offsetsAreListedByPlaceAndByTime() throws Exception {
    create("times", 1);
    TopicPartition partition = new TopicPartition("times", 0);
    try (KafkaProducer<String, String> producer = producer(Map.of())) {
      for (long time = 1_000; time <= 10_000; time += 1_000) {
        producer.send(new ProducerRecord<>("times", 0, time, "k", "v")).get();
      }
    }
    assertThat(offset(partition, OffsetSpec.earliest())).isZero();
    assertThat(offset(partition, OffsetSpec.latest())).isEqualTo(10);
    assertThat(offset(partition, OffsetSpec.earliestLocal())).isZero();
    assertThat(offset(partition, OffsetSpec.forTimestamp(4_500))).isEqualTo(4);
    assertThat(offset(partition, OffsetSpec.maxTimestamp())).isEqualTo(9);
    assertThat(offset(partition, OffsetSpec.forTimestamp(20_000))).isEqualTo(-1);
  }

  private long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
    return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset();
  }

  private void create(String topic, int partitions) throws Exception {
    admin
        .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
        .all()
        .get();
  }

  private KafkaProducer<String, String> producer(Map<String, Object> config) {
    return new KafkaProducer<>(
        node.clientConfig(config), new StringSerializer(), new StringSerializer());
  }
}
