import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A shop's cluster, for the pictures of the README: topics with a past in the store, groups that
 * keep up and groups that read history, and records that keep coming until the process is stopped.
 * Says {@code filled} when the past is there.
 *
 * <pre>Demo BOOTSTRAP</pre>
 */
public final class Demo {
  private static final int VALUE_BYTES = 2_000;
  private static final long PACE_MS = 100;

  /** A topic, its partitions, the records of its past, and those that come with every step. */
  private record Stream(String name, int partitions, int past, int perStep) {}

  private static final List<Stream> STREAMS =
      List.of(
          new Stream("orders", 3, 14_000, 24),
          new Stream("payments", 3, 9_000, 12),
          new Stream("clicks", 6, 21_000, 45),
          new Stream("shipments", 3, 4_000, 6),
          new Stream("stock-levels", 3, 3_000, 9),
          new Stream("returns", 1, 600, 1));

  private Demo() {}

  public static void main(String[] args) throws Exception {
    String bootstrap = args[0];
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "linger.ms", 50);
    Random random = new Random(7);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      createTopics(admin);
      for (Stream stream : STREAMS) {
        send(producer, stream, stream.past(), random);
      }
      producer.flush();
      commit(admin, "search-index", "orders", 0.62);
      commit(admin, "monthly-report", "orders", 0.21);
      commit(admin, "fraud-training", "payments", 0.35);
      commit(admin, "recommendations", "clicks", 0.8);
      follow(bootstrap, "billing", "orders", "payments");
      follow(bootstrap, "warehouse", "orders", "shipments", "stock-levels");
      follow(bootstrap, "sessions", "clicks");
      System.out.println("filled");
      while (true) {
        for (Stream stream : STREAMS) {
          send(producer, stream, stream.perStep(), random);
        }
        Thread.sleep(PACE_MS);
      }
    }
  }

  private static void createTopics(Admin admin) throws Exception {
    Map<String, String> quick = Map.of("segment.bytes", "1048576", "local.retention.ms", "20000");
    List<NewTopic> topics = new ArrayList<>();
    for (Stream stream : STREAMS) {
      topics.add(new NewTopic(stream.name(), stream.partitions(), (short) 3).configs(quick));
    }
    topics.add(
        new NewTopic("customers", 3, (short) 3).configs(Map.of("cleanup.policy", "compact")));
    admin.createTopics(topics).all().get();
  }

  /** Values that do not compress. */
  private static void send(
      KafkaProducer<byte[], byte[]> producer, Stream stream, int records, Random random) {
    for (int index = 0; index < records; index++) {
      byte[] value = new byte[VALUE_BYTES];
      random.nextBytes(value);
      producer.send(new ProducerRecord<>(stream.name(), index % stream.partitions(), null, value));
    }
  }

  /** A group that reads history: it has come so far, as a share of what there is. */
  private static void commit(Admin admin, String group, String topic, double share)
      throws Exception {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    int partitions =
        admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size();
    for (int partition = 0; partition < partitions; partition++) {
      ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    admin
        .listOffsets(ends)
        .all()
        .get()
        .forEach((partition, end) ->
            offsets.put(partition, new OffsetAndMetadata((long) (end.offset() * share))));
    admin.alterConsumerGroupOffsets(group, offsets).all().get();
  }

  /** A group that keeps up, of one member. */
  private static void follow(String bootstrap, String group, String... topics) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "group.id",
            group,
            "auto.offset.reset",
            "latest",
            "auto.commit.interval.ms",
            2_000);
    Thread.ofPlatform()
        .daemon()
        .name(group)
        .start(() -> {
          try (KafkaConsumer<byte[], byte[]> consumer =
              new KafkaConsumer<>(
                  config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topics));
            while (true) {
              consumer.poll(Duration.ofMillis(500));
            }
          }
        });
  }
}
