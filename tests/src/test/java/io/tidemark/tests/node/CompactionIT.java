package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Compacted topics with the Java clients: what is refused, what stays, what changes meanwhile. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompactionIT {
  private static final int KEYS = 50;
  private static final int VALUE_BYTES = 1_000;

  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node =
        new NodeFixture(folder)
            .with("log.cleaner.backoff.ms", "100")
            .with("log.retention.check.interval.ms", "200")
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
  void aRecordWithoutAKeyIsRefusedAsSoonAsTheTopicIsCompacted() throws Exception {
    create("keyed", "cleanup.policy", "delete");
    try (KafkaProducer<String, String> producer = producer()) {
      producer.send(new ProducerRecord<>("keyed", null, "no key")).get();

      TopicSettings.set(node, "keyed", "cleanup.policy", "compact");

      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() ->
              assertThatThrownBy(
                      () -> producer.send(new ProducerRecord<>("keyed", null, "no key")).get())
                  .isInstanceOf(ExecutionException.class)
                  .hasCauseInstanceOf(InvalidRecordException.class));
      producer.send(new ProducerRecord<>("keyed", "key", "value")).get();
    }
  }

  @Test
  void ofEachKeyTheNewestValueIsReadWhileTheLogIsCleaned() throws Exception {
    create("states", "cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01");
    Map<String, String> newest = update("states", 3_000, "zstd");

    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> {
          List<ConsumerRecord<String, String>> records = readAll("states");
          assertRisingOffsets(records);
          assertThat(latest(records).equals(newest)).as("each key's newest value").isTrue();
          // What is in the segment being written stays as it is.
          assertThat(records.size()).isLessThan(1_500);
        });
    assertThat(offset("states", OffsetSpec.earliest())).isZero();
    assertThat(offset("states", OffsetSpec.latest())).isEqualTo(3_000);
  }

  @Test
  void whatIsCompactedAndDeletedEndsByAgeToo() throws Exception {
    create(
        "both",
        "cleanup.policy",
        "compact,delete",
        "min.cleanable.dirty.ratio",
        "0.01",
        "retention.ms",
        "-1");
    update("both", 2_000, "none");

    TopicSettings.set(node, "both", "retention.ms", "1");

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> offset("both", OffsetSpec.earliest()) == 2_000);
  }

  @Test
  void withNeitherPolicyEverythingStays() throws Exception {
    create("kept", "cleanup.policy", "", "retention.ms", "1");
    update("kept", 1_500, "none");
    // Retention of this one has had its turn when the other's has.
    create("aged", "cleanup.policy", "delete", "retention.ms", "1");
    update("aged", 1_500, "none");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> offset("aged", OffsetSpec.earliest()) == 1_500);

    assertThat(offset("kept", OffsetSpec.earliest())).isZero();
    assertThat(readAll("kept").size()).isEqualTo(1_500);
  }

  /** Each policy after each other one; what is deleted has a retention of next to nothing. */
  @Test
  void eachPolicyMayFollowEachOther() throws Exception {
    create("changing", "cleanup.policy", "", "retention.ms", "1", "min.cleanable.dirty.ratio", "0");
    create("witness-of-cleaning", "cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0");
    create("witness-of-retention", "cleanup.policy", "delete", "retention.ms", "1");
    long start = 0;
    long end = update("changing", 0);
    boolean isCompacted = false;
    for (String policy :
        List.of(
            "compact",
            "",
            "delete",
            "",
            "compact,delete",
            "compact",
            "delete",
            "compact",
            "compact,delete",
            "delete",
            "compact,delete",
            "")) {
      TopicSettings.set(node, "changing", "cleanup.policy", policy);
      end = update("changing", end);
      if (policy.contains("delete")) {
        start = end;
        isCompacted = false;
        long all = end;
        await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> offset("changing", OffsetSpec.earliest()) == all);
      } else if (policy.equals("compact")) {
        isCompacted = true;
        long all = end - start;
        await().atMost(Duration.ofMinutes(2)).until(() -> readAll("changing").size() < all);
      } else {
        awaitCleaningAndRetention();
        int before = readAll("changing").size();
        assertThat(before).isLessThanOrEqualTo((int) (end - start));
        assertThat(isCompacted || before == end - start).as("kept since the start").isTrue();
        awaitCleaningAndRetention();
        assertThat(readAll("changing").size()).as("kept").isEqualTo(before);
      }
      assertThat(offset("changing", OffsetSpec.earliest())).as(policy).isEqualTo(start);
    }
  }

  /** Enough for more than one segment; returns the log's end. */
  private long update(String topic, long before) {
    int count = 700;
    update(topic, count, "none");
    return before + count;
  }

  /** The cleaner and retention have seen what was there before this was called. */
  private void awaitCleaningAndRetention() throws Exception {
    long cleaned = readAll("witness-of-cleaning").size() + update("witness-of-cleaning", 0);
    long end = offset("witness-of-retention", OffsetSpec.latest());
    long deleted = update("witness-of-retention", end);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() ->
            readAll("witness-of-cleaning").size() < cleaned
                && offset("witness-of-retention", OffsetSpec.earliest()) == deleted);
  }

  @Test
  void lagsSayWhatIsCleanedHoweverDirtyItIs() throws Exception {
    create("young", "min.cleanable.dirty.ratio", "0", "min.compaction.lag.ms", "3600000");
    create("old", "cleanup.policy", "compact", "min.cleanable.dirty.ratio", "1");
    TopicSettings.set(node, "young", "cleanup.policy", "compact");
    update("young", 1_500, "none");
    update("old", 1_500, "none");

    TopicSettings.set(node, "old", "max.compaction.lag.ms", "1");

    await().atMost(Duration.ofMinutes(2)).until(() -> readAll("old").size() < 800);
    assertThat(readAll("young").size()).isEqualTo(1_500);
    TopicSettings.set(node, "young", "min.compaction.lag.ms", "0");
    await().atMost(Duration.ofMinutes(2)).until(() -> readAll("young").size() < 800);
  }

  private void create(String topic, String... settings) throws Exception {
    Map<String, String> all = new HashMap<>(Map.of("segment.bytes", "1048576"));
    for (int index = 0; index < settings.length; index += 2) {
      all.put(settings[index], settings[index + 1]);
    }
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(all))).all().get();
  }

  private KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        node.clientConfig(Map.of()), new StringSerializer(), new StringSerializer());
  }

  /** Writes so many values of a few keys; returns the newest of each. */
  private Map<String, String> update(String topic, int count, String compression) {
    Map<String, String> newest = new HashMap<>();
    Random random = new Random(topic.hashCode());
    byte[] value = new byte[VALUE_BYTES];
    Map<String, Object> settings =
        node.clientConfig(Map.of("compression.type", compression, "batch.size", 20_000));
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < count; i++) {
        String key = "key-" + i % KEYS;
        random.nextBytes(value);
        String text = i + " " + HexFormat.of().formatHex(value);
        producer.send(new ProducerRecord<>(topic, key, text));
        newest.put(key, text);
      }
    }
    return newest;
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

  private static void assertRisingOffsets(List<ConsumerRecord<String, String>> records) {
    long before = -1;
    for (ConsumerRecord<String, String> each : records) {
      assertThat(each.offset()).isGreaterThan(before);
      before = each.offset();
    }
  }

  private static Map<String, @Nullable String> latest(
      List<ConsumerRecord<String, String>> records) {
    Map<String, @Nullable String> latest = new HashMap<>();
    records.forEach(each -> latest.put(each.key(), each.value()));
    return latest;
  }

  private long offset(String topic, OffsetSpec spec) throws Exception {
    return Topics.offset(admin, new TopicPartition(topic, 0), spec);
  }
}
