package io.tidemark.gateway.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Time;

/** Reads a topic from its first record to its end with the Kafka Java client, and sums it up. */
final class Replay {
  private static final long STALLED_MS = 60_000;

  private final String bootstrapServer;
  private final String topic;
  private final Time time;
  private final List<String> problems = new ArrayList<>();
  private final StreamChecksum[] sums;
  private final long[] nextOffsets;

  Replay(String bootstrapServer, String topic, int partitions, Time time) {
    this.bootstrapServer = bootstrapServer;
    this.topic = topic;
    this.time = time;
    this.sums = new StreamChecksum[partitions];
    this.nextOffsets = new long[partitions];
    for (int i = 0; i < partitions; i++) {
      sums[i] = new StreamChecksum();
    }
  }

  /**
   * Reads everything.
   *
   * @param progress told the bytes read so far, often
   */
  void run(LongConsumer progress) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServer,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            4 << 20,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            10_000);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int i = 0; i < sums.length; i++) {
        partitions.add(new TopicPartition(topic, i));
      }
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.beginningOffsets(partitions).forEach(this::begin);
      partitions.forEach(partition -> consumer.seek(partition, nextOffsets[partition.partition()]));
      poll(consumer, ends, progress);
    }
  }

  /** The sum of one partition as read. */
  StreamChecksum sum(int partition) {
    return sums[partition];
  }

  /** What was wrong with the offsets, one line each; empty when nothing was. */
  List<String> problems() {
    return problems;
  }

  private void begin(TopicPartition partition, long offset) {
    nextOffsets[partition.partition()] = offset;
  }

  private void poll(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      LongConsumer progress) {
    long lastMs = time.hiResClockMs();
    long bytes = 0;
    while (!isAtEnd(ends)) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(500));
      for (ConsumerRecord<byte[], byte[]> record : records) {
        bytes += record.serializedKeySize() + record.serializedValueSize();
        add(record);
      }
      if (!records.isEmpty()) {
        lastMs = time.hiResClockMs();
      } else if (time.hiResClockMs() - lastMs > STALLED_MS) {
        problems.add("no record came for %d s, replay given up".formatted(STALLED_MS / 1_000));
        return;
      }
      progress.accept(bytes);
    }
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    int partition = record.partition();
    if (record.offset() != nextOffsets[partition]) {
      problems.add(
          "%s-%d: offset %d came where %d was due"
              .formatted(topic, partition, record.offset(), nextOffsets[partition]));
    }
    nextOffsets[partition] = record.offset() + 1;
    sums[partition].add(record.timestamp(), record.key(), record.value(), record.headers());
  }

  private boolean isAtEnd(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> nextOffsets[end.getKey().partition()] >= end.getValue());
  }
}
