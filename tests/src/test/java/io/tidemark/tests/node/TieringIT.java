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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
 * Segments go to a directory store, the hot copies are dropped, and everything is read again from
 * the first offset.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TieringIT {
  private static final int RECORDS = 3_000;
  private static final String VALUE = randomText(1_000);

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
            .with("tiering.delete.delay.ms", "100")
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
  void everythingIsReplayedFromTheStoreOnceTheHotCopyIsGone() throws Exception {
    produceAndCool("replayed");

    List<ConsumerRecord<String, String>> records = Reading.all(node, "replayed", 0, RECORDS);

    assertThat(records).hasSize(RECORDS);
    for (int index = 0; index < RECORDS; index++) {
      assertThat(records.get(index).offset()).isEqualTo(index);
      assertThat(records.get(index).key()).isEqualTo("key-" + index);
    }
  }

  @Test
  void coldDataOutlivesARestart() throws Exception {
    produceAndCool("restarted");
    admin.close();
    node.stop();
    node.start();
    admin = node.admin();

    assertThat(Reading.all(node, "restarted", 0, RECORDS)).hasSize(RECORDS);
    assertThat(offset("restarted", OffsetSpec.latest())).isEqualTo(RECORDS);
  }

  @Test
  @Scenario("S-122")
  void offsetsAreFoundByTimeInTheStore() throws Exception {
    produceAndCool("timed");
    long time = Reading.all(node, "timed", 0, RECORDS).get(1_234).timestamp();

    long found = offset("timed", OffsetSpec.forTimestamp(time));

    assertThat(found).isLessThanOrEqualTo(1_234);
    assertThat(offset("timed", OffsetSpec.earliest())).isZero();
    assertThat(offset("timed", OffsetSpec.latestTiered())).isEqualTo(RECORDS - 1);
    assertThat(offset("timed", OffsetSpec.maxTimestamp())).isGreaterThan(0);
  }

  @Test
  @Scenario("S-115")
  void deletedRecordsAreGoneFromTheStoreToo() throws Exception {
    produceAndCool("shortened");
    TopicPartition partition = new TopicPartition("shortened", 0);
    long before = storeBytes();

    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2_500))).all().get();

    assertThat(offset("shortened", OffsetSpec.earliest())).isEqualTo(2_500);
    assertThat(Reading.all(node, "shortened", 0, 500).getFirst().offset()).isEqualTo(2_500);
    await().atMost(Duration.ofMinutes(2)).until(() -> storeBytes() < before);
  }

  @Test
  @Scenario("S-118")
  void aDeletedTopicLeavesNothingInTheStore() throws Exception {
    produceAndCool("doomed");
    String id = Topics.id(admin, "doomed").toString();
    assertThat(objectsOf(id)).isPositive();

    admin.deleteTopics(List.of("doomed")).all().get();

    await().atMost(Duration.ofMinutes(2)).until(() -> objectsOf(id) == 0);
  }

  @Test
  void theStoreIsVerifiedOverHttp() throws Exception {
    produceAndCool("verified");

    assertThat(get("/v1/tier?topic=verified"))
        .contains("\"topic\":\"verified\"")
        .contains("coldBytes");
    assertThat(get("/v1/tier/verify?topic=verified"))
        .contains("\"problems\":[]")
        .contains("\"done\":true");
  }

  @Test
  void logDirsShowTheStore() throws Exception {
    produceAndCool("shown");

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() ->
            Topics.there(admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1))
                .entrySet()
                .stream()
                .filter(dir -> dir.getKey().startsWith("remote://"))
                .anyMatch(dir ->
                    dir.getValue().replicaInfos().containsKey(new TopicPartition("shown", 0))));
  }

  private void produceAndCool(String topic) throws Exception {
    NewTopic created =
        new NewTopic(topic, 1, (short) -1)
            .configs(Map.of("segment.bytes", "1048576", "local.retention.ms", "1"));
    admin.createTopics(List.of(created)).all().get();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of()), new StringSerializer(), new StringSerializer())) {
      for (int index = 0; index < RECORDS; index++) {
        producer.send(new ProducerRecord<>(topic, "key-" + index, VALUE));
      }
    }
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> offset(topic, OffsetSpec.earliestLocal()) == RECORDS);
  }

  private long offset(String topic, OffsetSpec spec) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset();
  }

  private long storeBytes() throws Exception {
    try (Stream<Path> files = Files.walk(home.resolve("store"))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private long objectsOf(String topicId) throws Exception {
    try (Stream<Path> files = Files.walk(home.resolve("store"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().contains(topicId))
          .count();
    }
  }

  private String get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + node.http().port() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static String randomText(int length) {
    return new Random(1)
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
