import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Fills a cluster for the console's test: a thousand topics, some with data in both tiers, groups
 * at several places, one of them with a name that is markup. {@code more} only produces on.
 *
 * <pre>Fill BOOTSTRAP [more]</pre>
 */
public final class Fill {
  private static final String HOSTILE =
      "<img src=x onerror=\"document.title='owned'\">&amp;'\u202e";
  private static final int VALUE_BYTES = 4_000;
  private static final int RECORDS = 2_500;

  private Fill() {}

  public static void main(String[] args) throws Exception {
    String bootstrap = args[0];
    if (args.length > 1) {
      produce(bootstrap, "orders", 600);
      return;
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      createTopics(admin);
      produce(bootstrap, "orders", RECORDS);
      produce(bootstrap, "clicks", RECORDS / 2);
      for (int partition = 0; partition < 2; partition++) {
        TopicPartition orders = new TopicPartition("orders", partition);
        commit(admin, "billing", orders, RECORDS / 3 - 40);
        commit(admin, "search-index", orders, RECORDS / 6);
      }
      commit(admin, HOSTILE, new TopicPartition("orders", 0), 25);
    }
    join(bootstrap);
  }

  private static void createTopics(Admin admin) throws Exception {
    Map<String, String> quick = Map.of("segment.bytes", "1048576", "local.retention.ms", "20000");
    List<NewTopic> topics = new ArrayList<>();
    topics.add(new NewTopic("orders", 3, (short) 3).configs(quick));
    topics.add(new NewTopic("clicks", 2, (short) 3).configs(quick));
    topics.add(new NewTopic("__proto__", 1, (short) 1));
    topics.add(new NewTopic("constructor", 1, (short) 1));
    topics.add(new NewTopic("long-" + "x".repeat(240), 1, (short) 1));
    for (int index = 0; index < 1_000; index++) {
      topics.add(new NewTopic("sensor-%04d".formatted(index), 1, (short) 1));
    }
    admin.createTopics(topics).all().get();
  }

  /** Values that do not compress, from a seed. */
  private static void produce(String bootstrap, String topic, int records) {
    Random random = new Random(7);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int index = 0; index < records; index++) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        producer.send(new ProducerRecord<>(topic, index % 2, null, value));
      }
    }
  }

  private static void commit(Admin admin, String group, TopicPartition partition, long offset)
      throws Exception {
    admin
        .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  /** A member that was there; its group has read a topic to the end. */
  private static void join(String bootstrap) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrap, "group.id", "audit", "auto.offset.reset", "latest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("clicks"));
      for (int poll = 0; poll < 50 && consumer.assignment().isEmpty(); poll++) {
        consumer.poll(Duration.ofMillis(200));
      }
      consumer.poll(Duration.ofMillis(200));
      consumer.commitSync();
    }
  }
}
