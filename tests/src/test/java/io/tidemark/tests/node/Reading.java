package io.tidemark.tests.node;

import io.tidemark.gateway.node.NodeFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads partitions with the Java consumer. */
final class Reading {
  private static final int MAX_POLLS = 60;

  private Reading() {}

  /**
   * The records from the partition's start, as soon as there are so many; fewer when they do not
   * come.
   */
  static List<ConsumerRecord<String, String>> all(
      NodeFixture node, String topic, int partition, int count) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = consumer(node, Map.of())) {
      TopicPartition assigned = new TopicPartition(topic, partition);
      consumer.assign(List.of(assigned));
      consumer.seekToBeginning(List.of(assigned));
      for (int poll = 0; poll < MAX_POLLS && records.size() < count; poll++) {
        consumer.poll(Duration.ofMillis(500)).forEach(records::add);
      }
    }
    return records;
  }

  static KafkaConsumer<String, String> consumer(NodeFixture node, Map<String, ?> config) {
    Map<String, Object> merged = node.clientConfig(config);
    merged.putIfAbsent("enable.auto.commit", false);
    merged.putIfAbsent("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(merged, new StringDeserializer(), new StringDeserializer());
  }
}
