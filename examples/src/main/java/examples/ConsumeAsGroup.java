package examples;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Adds up what each customer ordered, as a member of a group: start it twice at once and the
 * members share the partitions; start it again and it goes on where the group had committed. Ends
 * when nothing came for a while.
 */
public final class ConsumeAsGroup {
  private static final Duration QUIET = Duration.ofSeconds(5);

  public static void main(String[] args) throws Exception {
    String bootstrap = args[0];
    Topics.create(bootstrap, Topics.ORDERS);

    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "group.id",
            "example-billing",
            // Where a group begins that never committed: with everything there is, hot or cold.
            "auto.offset.reset",
            "earliest",
            // This program says itself when it is done with what it read.
            "enable.auto.commit",
            false);
    Map<String, Long> totals = new TreeMap<>();
    long orders = 0;
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(Topics.ORDERS), new Told());
      long quietSince = System.nanoTime();
      while (System.nanoTime() - quietSince < QUIET.toNanos()) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(500));
        for (ConsumerRecord<String, String> order : records) {
          totals.merge(order.key(), Long.parseLong(order.value()), Long::sum);
          orders++;
        }
        if (!records.isEmpty()) {
          // After the work, so that a crash in between reads records again rather than skips them.
          consumer.commitSync();
          quietSince = System.nanoTime();
        }
      }
    } // close() leaves the group, and others take over at once
    totals.forEach((customer, cents) -> System.out.println(customer + " owes " + cents));
    System.out.println(orders + " new orders read and committed");
  }

  /** What the group gives to this member, and takes from it. */
  private static final class Told implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      System.out.println("assigned " + partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      System.out.println("revoked " + partitions);
    }
  }
}
