package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.TransactionHistory;
import io.tidemark.tests.history.TransactionalLoad;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Java clients in a cluster whose {@code transaction.version} is lowered and raised. A producer
 * is of the kind that its cluster had when it last connected: one of version 2 has a new epoch
 * after each transaction, an older one keeps its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransactionVersionsIT {
  private static final String FEATURE = "transaction.version";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int LINKED_MS = 200;

  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node =
        new NodeFixture(folder)
            .with("transaction.state.log.num.partitions", "2")
            .with("offsets.topic.num.partitions", "2")
            .with("group.initial.rebalance.delay.ms", "0")
            .with("connections.max.idle.ms", Integer.toString(LINKED_MS))
            .start();
    admin = node.admin();
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  @BeforeEach
  void newest() throws Exception {
    put(2);
  }

  private int level() throws Exception {
    FeatureMetadata features = admin.describeFeatures().featureMetadata().get();
    return features.finalizedFeatures().containsKey(FEATURE)
        ? features.finalizedFeatures().get(FEATURE).maxVersionLevel()
        : 0;
  }

  private void put(int level) throws Exception {
    int before = level();
    update(level, level < before ? UpgradeType.SAFE_DOWNGRADE : UpgradeType.UPGRADE, false);
    assertThat(level()).isEqualTo(level);
  }

  private void update(int level, UpgradeType type, boolean isOnlyAsked) throws Exception {
    admin
        .updateFeatures(
            Map.of(FEATURE, new FeatureUpdate((short) level, type)),
            new UpdateFeaturesOptions().validateOnly(isOnlyAsked))
        .all()
        .get();
  }

  private void create(String topic, int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
  }

  private KafkaProducer<String, String> producer(String transactionalId) {
    return new KafkaProducer<>(
        node.clientConfig(Map.of("transactional.id", transactionalId)),
        new StringSerializer(),
        new StringSerializer());
  }

  /**
   * Flushed first, because a client that asks for the end takes on its new kind, also for records
   * that it has yet to send and has not told the coordinator of.
   */
  private static void commit(KafkaProducer<String, String> producer, String topic, String value) {
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(topic, 0, "k", value));
    producer.flush();
    producer.commitTransaction();
  }

  private int epoch(String transactionalId) throws Exception {
    return admin
        .describeTransactions(List.of(transactionalId))
        .description(transactionalId)
        .get()
        .producerEpoch();
  }

  private List<String> committed(String topic, int partition, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        Reading.consumer(node, Map.of("isolation.level", "read_committed"))) {
      List<TopicPartition> read = List.of(new TopicPartition(topic, partition));
      consumer.assign(read);
      consumer.seekToBeginning(read);
      for (int poll = 0; poll < 100 && values.size() < count; poll++) {
        consumer.poll(POLL).forEach(found -> values.add(found.value()));
      }
      consumer.poll(POLL).forEach(found -> values.add(found.value()));
    }
    return values;
  }

  @Test
  void theLevelIsShownWithAnEpochAndOtherLevelsAreRefused() throws Exception {
    long before =
        admin.describeFeatures().featureMetadata().get().finalizedFeaturesEpoch().orElseThrow();
    update(1, UpgradeType.SAFE_DOWNGRADE, true);
    assertThat(level()).isEqualTo(2);
    put(1);
    assertThat(
            admin.describeFeatures().featureMetadata().get().finalizedFeaturesEpoch().orElseThrow())
        .isGreaterThan(before);
    assertThatThrownBy(() -> update(3, UpgradeType.UPGRADE, false))
        .hasCauseInstanceOf(InvalidUpdateVersionException.class);
    assertThatThrownBy(() ->
            admin
                .updateFeatures(
                    Map.of(
                        "kraft.version", new FeatureUpdate((short) 0, UpgradeType.SAFE_DOWNGRADE)),
                    new UpdateFeaturesOptions())
                .all()
                .get())
        .hasCauseInstanceOf(InvalidUpdateVersionException.class);
    put(0);
    assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures())
        .doesNotContainKey(FEATURE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void transactionsOfEachVersionAreReadWhenCommittedAndOnlyThen(int version) throws Exception {
    put(version);
    String topic = "version-" + version;
    create(topic, 1);
    try (KafkaProducer<String, String> producer = producer(topic)) {
      producer.initTransactions();
      int first = epoch(topic);
      for (int round = 0; round < 6; round++) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, "k", "v" + round)).get();
        if (round % 2 == 0) {
          producer.commitTransaction();
        } else {
          producer.abortTransaction();
        }
      }
      assertThat(epoch(topic) - first).isEqualTo(version == 2 ? 6 : 0);
    }
    assertThat(committed(topic, 0, 3)).containsExactly("v0", "v2", "v4");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatIsReadIsTransformedOnceInEachVersion(int version) throws Exception {
    put(version);
    String raw = "raw-" + version;
    String cooked = "cooked-" + version;
    create(raw, 1);
    create(cooked, 1);
    try (KafkaProducer<String, String> seeds = producer("seeds-" + version)) {
      seeds.initTransactions();
      for (int index = 0; index < 20; index++) {
        commit(seeds, raw, "v" + index);
      }
    }
    try (KafkaConsumer<String, String> consumer =
            Reading.consumer(
                node,
                Map.of(
                    "group.id",
                    "cooks-" + version,
                    "isolation.level",
                    "read_committed",
                    "max.poll.records",
                    3));
        KafkaProducer<String, String> producer = producer("cook-" + version)) {
      producer.initTransactions();
      consumer.subscribe(List.of(raw));
      int done = 0;
      for (int round = 0; done < 20; round++) {
        ConsumerRecords<String, String> records = consumer.poll(POLL);
        if (records.isEmpty()) {
          continue;
        }
        producer.beginTransaction();
        TopicPartition partition = new TopicPartition(raw, 0);
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, String> found : records) {
          producer.send(new ProducerRecord<>(cooked, 0, "k", found.value()));
          offsets.put(partition, new OffsetAndMetadata(found.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        if (round % 3 == 1) {
          producer.abortTransaction();
          consumer.seek(partition, records.records(partition).getFirst().offset());
        } else {
          producer.commitTransaction();
          done += records.count();
        }
      }
    }
    assertThat(committed(cooked, 0, 20)).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  @Scenario("S-165")
  void aLiveProducerIsOfTheOtherKindWhenItHasConnectedAgain() throws Exception {
    create("switched", 1);
    try (KafkaProducer<String, String> producer = producer("switched")) {
      producer.initTransactions();
      int count = 0;
      for (int version : List.of(2, 1, 2)) {
        put(version);
        int perTransaction = version == 2 ? 1 : 0;
        int[] written = {count};
        await()
            .pollInterval(Duration.ofMillis(3 * LINKED_MS))
            .atMost(Duration.ofMinutes(2))
            .until(() -> {
              commit(producer, "switched", "v" + written[0]++);
              int before = epoch("switched");
              commit(producer, "switched", "v" + written[0]++);
              return epoch("switched") - before == perTransaction;
            });
        count = written[0];
      }
      List<String> expected = new ArrayList<>();
      for (int index = 0; index < count; index++) {
        expected.add("v" + index);
      }
      assertThat(committed("switched", 0, count)).containsExactlyElementsOf(expected);
    }
  }

  @Test
  @Scenario("S-165")
  void nothingIsTornOrLostWhileTheVersionChangesUnderLoad() throws Exception {
    create("mixed", 3);
    TransactionHistory history = new TransactionHistory();
    try (TransactionalLoad load =
        new TransactionalLoad(node.bootstrapServers(), "mixed", 3, history)) {
      load.start(2, new Random(165));
      for (int version : List.of(1, 2, 0, 2)) {
        awaitMore(history);
        put(version);
        load.startMore(1, new Random(version));
      }
      awaitMore(history);
      assertThat(load.stop()).isEmpty();
      load.replay();
    }
    assertThat(history.anomalies()).isEmpty();
  }

  private static void awaitMore(TransactionHistory history) {
    long before = history.committedCount();
    await().atMost(Duration.ofMinutes(2)).until(() -> history.committedCount() > before + 50);
  }
}
