package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.store.ObjectStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does without its store: everything but reading what is only there. */
class StoreAwayIT {
  private static final int RECORDS = 2_500;
  private static final String VALUE = "v".repeat(1_000);

  @TempDir Path home = Path.of("");

  @Test
  void aNodeStartsAndServesWhileALostLogWaitsForAStoreThatHangs() throws Exception {
    CountDownLatch store = new CountDownLatch(1);
    try (NodeFixture node = node().start()) {
      produce(node, "cold");
      await().atMost(Duration.ofMinutes(2)).until(() -> earliestLocal(node, "cold") == RECORDS);
      produce(node, "hot", Map.of("remote.storage.enable", "false"));
      node.stop();
      delete(home.resolve("data/cold-0"));

      node.aroundStore(real -> hangingUntil(store, real)).start();

      assertThat(Reading.all(node, "hot", 0, RECORDS)).hasSize(RECORDS);
      produce(node, "new");
      assertThat(Reading.all(node, "new", 0, RECORDS)).hasSize(RECORDS);

      store.countDown();
      assertThat(Reading.all(node, "cold", 0, RECORDS)).hasSize(RECORDS);
      send(node, "cold");
      assertThat(Reading.all(node, "cold", 0, 2 * RECORDS)).hasSize(2 * RECORDS);
    } finally {
      store.countDown();
    }
  }

  @Test
  @Scenario("S-119")
  void switchingTieringOffEmptiesTheStoreAndSwitchingItOnFillsItAgain() throws Exception {
    try (NodeFixture node = node().start()) {
      NewTopic hot = new NewTopic("switched", 1, (short) 1);
      hot.configs(Map.of("segment.bytes", "1048576", "local.retention.ms", "3600000"));
      try (Admin admin = node.admin()) {
        admin.createTopics(List.of(hot)).all().get();
      }
      send(node, "switched");
      await().atMost(Duration.ofMinutes(2)).until(() -> latestTiered(node) >= RECORDS - 1);

      alter(node, "remote.log.delete.on.disable", "true", "remote.storage.enable", "false");
      await().atMost(Duration.ofMinutes(2)).until(() -> segments() == 0);
      assertThat(Reading.all(node, "switched", 0, RECORDS)).hasSize(RECORDS);

      alter(node, "remote.storage.enable", "true");
      await().atMost(Duration.ofMinutes(2)).until(() -> latestTiered(node) >= RECORDS - 1);
      alter(node, "local.retention.ms", "1");
      await().atMost(Duration.ofMinutes(2)).until(() -> earliestLocal(node, "switched") == RECORDS);
      assertThat(Reading.all(node, "switched", 0, RECORDS)).hasSize(RECORDS);
    }
  }

  private NodeFixture node() throws IOException {
    return new NodeFixture(home)
        .withDirectoryStore(home)
        .with("log.retention.check.interval.ms", "200")
        .with("tiering.upload.max.age.ms", "300")
        .with("tiering.delete.delay.ms", "100")
        .with("log.segment.delete.delay.ms", "0");
  }

  private static ObjectStore hangingUntil(CountDownLatch opened, ObjectStore real) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("close") && !method.getName().equals("address")) {
                opened.await();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void produce(NodeFixture node, String topic) throws Exception {
    produce(node, topic, Map.of("segment.bytes", "1048576", "local.retention.ms", "1"));
  }

  private static void produce(NodeFixture node, String topic, Map<String, String> configs)
      throws Exception {
    try (Admin admin = node.admin()) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(configs))).all().get();
    }
    send(node, topic);
  }

  private static void send(NodeFixture node, String topic) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of()), new StringSerializer(), new StringSerializer())) {
      for (int index = 0; index < RECORDS; index++) {
        producer.send(new ProducerRecord<>(topic, "key-" + index, VALUE));
      }
    }
  }

  private static void alter(NodeFixture node, String... settings) throws Exception {
    TopicSettings.set(node, "switched", settings);
  }

  private static long earliestLocal(NodeFixture node, String topic) throws Exception {
    return offset(node, topic, OffsetSpec.earliestLocal());
  }

  private static long latestTiered(NodeFixture node) throws Exception {
    return offset(node, "switched", OffsetSpec.latestTiered());
  }

  private static long offset(NodeFixture node, String topic, OffsetSpec spec) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = node.admin()) {
      return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset();
    }
  }

  private long segments() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("store"))) {
      return files.filter(file -> file.toString().endsWith(".seg")).count();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
