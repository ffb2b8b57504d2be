package io.tidemark.tests.security;

import io.tidemark.gateway.node.NodeFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A Kafka client of one listener, with the settings its security needs. Immutable. */
record SecureClient(String bootstrap, Map<String, Object> security) {

  static SecureClient of(NodeFixture node, String listener, Map<String, ?> security) {
    return new SecureClient(node.address(listener).toString(), Map.copyOf(security));
  }

  /** The same client, somewhere else. */
  SecureClient at(String address) {
    return new SecureClient(address, security);
  }

  SecureClient with(String key, Object value) {
    Map<String, Object> more = new HashMap<>(security);
    more.put(key, value);
    return new SecureClient(bootstrap, more);
  }

  Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>(security);
    config.put("bootstrap.servers", bootstrap);
    config.putIfAbsent("request.timeout.ms", 30_000);
    config.put("reconnect.backoff.max.ms", 200);
    return config;
  }

  Admin admin() {
    Map<String, Object> config = config();
    config.putIfAbsent("default.api.timeout.ms", 120_000);
    return Admin.create(config);
  }

  KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> config = config();
    config.put("max.block.ms", 120_000);
    config.put("delivery.timeout.ms", 120_000);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  KafkaConsumer<byte[], byte[]> consumer(Map<String, ?> more) {
    Map<String, Object> config = config();
    config.put("auto.offset.reset", "earliest");
    config.putIfAbsent("default.api.timeout.ms", 120_000);
    config.putAll(more);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  void create(String topic) throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  void produce(String topic, byte[] value) throws ExecutionException, InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
    }
  }

  /** The first values of partition 0. */
  List<byte[]> consume(String topic, int count) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      consumer.seekToBeginning(consumer.assignment());
      List<byte[]> values = new ArrayList<>();
      for (int polls = 0; polls < 240 && values.size() < count; polls++) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          values.add(record.value());
        }
      }
      return values;
    }
  }
}
