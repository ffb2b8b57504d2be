package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A compacted topic whose hot copy is gone: the store holds little more than what lives, and a
 * replay from it returns exactly that. Sized by {@code -Dtidemark.compaction.updates} (of fifty
 * times fewer keys).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ColdCompactionIT {
  private static final int UPDATES = Integer.getInteger("tidemark.compaction.updates", 100_000);
  private static final int KEYS = UPDATES / 50;
  private static final int VALUE_BYTES = 40;

  private Path home;
  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    home = folder;
    node =
        new NodeFixture(folder)
            .withDirectoryStore(folder)
            .with("log.retention.check.interval.ms", "200")
            .with("tiering.upload.max.age.ms", "300")
            .with("tiering.delete.delay.ms", "500")
            .with("tiering.compaction.backoff.ms", "200")
            .with("tiering.compaction.object.bytes", String.valueOf(1 << 20))
            .with("log.cleaner.backoff.ms", "500")
            .with("log.segment.delete.delay.ms", "0")
            .start();
    admin = node.admin();
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  @Test
  @Scenario("S-120")
  void aReplayFromTheStoreReturnsExactlyTheLatestValues() throws Exception {
    create("states");
    CompletableFuture<Void> reading = CompletableFuture.runAsync(this::readBesideCompaction);
    Map<String, String> newest = update("states", UPDATES);
    reading.get();

    long end = offset("states", OffsetSpec.latest());
    await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> offset("states", OffsetSpec.earliestLocal()) == end);
    long liveBytes =
        newest.entrySet().stream()
            .mapToLong(each -> each.getKey().length() + each.getValue().length())
            .sum();
    await().atMost(Duration.ofMinutes(5)).until(() -> segmentBytes() < 2 * liveBytes);

    List<ConsumerRecord<String, String>> records = readAll("states");
    assertThat(latest(records).equals(newest)).as("the latest values").isTrue();
    assertThat(records.size()).as("and little else").isLessThan(2 * KEYS);
    assertThat(get("/v1/tier/verify?topic=states"))
        .contains("\"problems\":[]")
        .contains("\"done\":true");
  }

  /** Reads from the start again and again; no offset goes back, none is an error. */
  private void readBesideCompaction() {
    TopicPartition partition = new TopicPartition("states", 0);
    try (KafkaConsumer<String, String> consumer = Reading.consumer(node, Map.of())) {
      consumer.assign(List.of(partition));
      for (int round = 0; round < 2; round++) {
        consumer.seekToBeginning(List.of(partition));
        long before = -1;
        for (int poll = 0; poll < 25; poll++) {
          for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
            assertThat(each.offset()).isGreaterThan(before);
            before = each.offset();
          }
        }
      }
    }
  }

  private void create(String topic) throws Exception {
    NewTopic created =
        new NewTopic(topic, 1, (short) -1)
            .configs(
                Map.of(
                    "cleanup.policy",
                    "compact",
                    "segment.bytes",
                    "1048576",
                    "local.retention.ms",
                    "1",
                    "min.cleanable.dirty.ratio",
                    "0.2",
                    "delete.retention.ms",
                    "0"));
    admin.createTopics(List.of(created)).all().get();
  }

  /** Writes so many values of a few keys and deletes some; returns the newest of each key. */
  private Map<String, String> update(String topic, int count) throws Exception {
    Map<String, String> newest = new HashMap<>();
    Random random = new Random(11);
    byte[] bytes = new byte[VALUE_BYTES];
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of("linger.ms", 5, "batch.size", 50_000)),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = 0; i < count; i++) {
        String key = "key-" + random.nextInt(KEYS);
        random.nextBytes(bytes);
        String value = random.nextInt(100) == 0 ? null : HexFormat.of().formatHex(bytes);
        producer.send(new ProducerRecord<>(topic, key, value));
        if (value == null) {
          newest.remove(key);
        } else {
          newest.put(key, value);
        }
      }
    }
    return newest;
  }

  private String get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + node.http().port() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private long segmentBytes() throws Exception {
    try (Stream<Path> files = Files.walk(home.resolve("store"))) {
      return files
          .filter(file -> file.toString().endsWith(".seg"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  private List<ConsumerRecord<String, String>> readAll(String topic) throws Exception {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    long end = offset(topic, OffsetSpec.latest());
    try (KafkaConsumer<String, String> consumer = Reading.consumer(node, Map.of())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(500)).forEach(records::add);
      }
    }
    return records;
  }

  private static Map<String, String> latest(List<ConsumerRecord<String, String>> records) {
    Map<String, String> latest = new HashMap<>();
    for (ConsumerRecord<String, String> each : records) {
      String value = each.value();
      if (value == null) {
        latest.remove(each.key());
      } else {
        latest.put(each.key(), value);
      }
    }
    return latest;
  }

  private long offset(String topic, OffsetSpec spec) throws Exception {
    return Topics.offset(admin, new TopicPartition(topic, 0), spec);
  }
}
