package examples;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic again from a moment on, up to what is its end now. Without more it takes the
 * quickstart's orders of the last twelve hours (its event times go back a day), of which no local
 * copy is left: every byte comes from the object store.
 *
 * <p>Arguments: a topic, and a moment as 2026-11-30T12:00:00Z or as minutes ago.
 */
public final class ReplayFromTimestamp {
  public static void main(String[] args) {
    String bootstrap = args[0];
    String topic = args.length > 1 ? args[1] : "orders";
    Instant from = moment(args.length > 2 ? args[2] : "720");

    // No group: this program says itself where to begin, and commits nothing.
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "enable.auto.commit",
            false,
            // A replay wants large answers; the default is 1 MiB of a partition.
            "max.partition.fetch.bytes",
            8 << 20,
            "max.poll.records",
            10_000);
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);

      // The first offset of each partition whose record is as young as that, in whichever tier.
      Map<TopicPartition, Long> moments = new HashMap<>();
      partitions.forEach(partition -> moments.put(partition, from.toEpochMilli()));
      Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(moments);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      for (TopicPartition partition : partitions) {
        OffsetAndTimestamp first = found.get(partition);
        // Null: nothing in it is that young.
        consumer.seek(partition, first == null ? ends.get(partition) : first.offset());
      }

      long records = 0;
      long bytes = 0;
      long began = System.nanoTime();
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          records++;
          bytes += record.serializedKeySize() + record.serializedValueSize();
        }
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          "%d records of %s since %s replayed in %.1f s, %.0f MB/s%n",
          records, topic, from, seconds, bytes / 1e6 / seconds);
    }
  }

  private static Instant moment(String text) {
    return text.contains("T")
        ? Instant.parse(text)
        : Instant.now().minus(Duration.ofMinutes(Long.parseLong(text)));
  }
}
