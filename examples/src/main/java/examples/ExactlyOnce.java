package examples;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Turns orders into invoices, each exactly once: the invoices and the position in the orders are
 * committed together or not at all, whatever is killed in between. Ends when nothing came for a
 * while. Start it again and it makes none twice.
 */
public final class ExactlyOnce {
  private static final Duration QUIET = Duration.ofSeconds(5);

  public static void main(String[] args) throws Exception {
    String bootstrap = args[0];
    Topics.create(bootstrap, Topics.ORDERS, Topics.INVOICES);

    Map<String, Object> consumerConfig =
        Map.of(
            "bootstrap.servers", bootstrap,
            "group.id", "example-invoicing",
            "auto.offset.reset", "earliest",
            "enable.auto.commit", false,
            // Orders that a transaction wrote count when it is committed.
            "isolation.level", "read_committed");
    Map<String, Object> producerConfig =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            // The same after a restart: whoever still runs under it is fenced, and what it left
            // open is aborted. Several instances need several.
            "transactional.id",
            "example-invoicing-1");

    long invoices = 0;
    try (var consumer =
            new KafkaConsumer<>(
                consumerConfig, new StringDeserializer(), new StringDeserializer());
        var producer =
            new KafkaProducer<>(producerConfig, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      consumer.subscribe(List.of(Topics.ORDERS));
      long quietSince = System.nanoTime();
      while (System.nanoTime() - quietSince < QUIET.toNanos()) {
        ConsumerRecords<String, String> orders = consumer.poll(Duration.ofMillis(500));
        if (orders.isEmpty()) {
          continue;
        }
        quietSince = System.nanoTime();
        try {
          producer.beginTransaction();
          for (ConsumerRecord<String, String> order : orders) {
            producer.send(
                new ProducerRecord<>(
                    Topics.INVOICES,
                    order.key(),
                    "%s-%d: please pay %s"
                        .formatted(order.topic(), order.offset(), order.value())));
          }
          producer.sendOffsetsToTransaction(orders.nextOffsets(), consumer.groupMetadata());
          producer.commitTransaction();
          invoices += orders.count();
        } catch (ProducerFencedException | OutOfOrderSequenceException | AuthorizationException e) {
          throw e; // another instance took over, or this one may not: nothing to try again
        } catch (KafkaException e) {
          producer.abortTransaction();
          seekToCommitted(consumer); // to read them again
        }
      }
    }
    System.out.println(invoices + " new orders became invoices");
    System.out.println(count(bootstrap) + " invoices in all");
  }

  private static void seekToCommitted(KafkaConsumer<?, ?> consumer) {
    Set<TopicPartition> assigned = consumer.assignment();
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(assigned);
    for (TopicPartition partition : assigned) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset == null) {
        consumer.seekToBeginning(Set.of(partition));
      } else {
        consumer.seek(partition, offset);
      }
    }
  }

  /** What a reader of committed transactions sees. */
  private static long count(String bootstrap) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrap);
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", false);
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.INVOICES).stream()
              .map(partition -> new TopicPartition(Topics.INVOICES, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long count = 0;
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        count += consumer.poll(Duration.ofSeconds(1)).count();
      }
      return count;
    }
  }
}
