package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A slow or broken store holds up nobody but those who need what only it has. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ColdReadsIT {
  private static final int PATIENT_MS = 60_000;
  private static final int FOREVER_MS = 3_600_000;

  private final GatedStore.Gate gate = new GatedStore.Gate();
  private NodeFixture node;
  private Admin admin;
  private int topics;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node =
        new NodeFixture(folder)
            .withDirectoryStore(folder)
            .aroundStore(store -> new GatedStore(store, gate))
            .with("log.retention.check.interval.ms", "100")
            .with("tiering.upload.max.age.ms", "100")
            .with("tiering.fetch.timeout.ms", "300")
            .with("log.segment.delete.delay.ms", "0")
            .with("quota.window.num", "2")
            .with("quota.window.size.seconds", "600")
            .start();
    admin = node.admin();
  }

  @AfterEach
  void mend() {
    gate.breakStore(false);
    gate.open();
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  @Test
  @Timeout(300)
  @Scenario("S-123")
  void aFetchNeverWaitsForAColdPartitionWhileAHotOneHasBytes() throws Exception {
    Uuid cold = cooled();
    Uuid hot = topic(Map.of());
    gate.shut();
    try (Fetcher fetcher = new Fetcher(node)) {
      fetcher.fetch(FOREVER_MS, cold, hot);

      assertThat(fetcher.sizeOf(hot)).isPositive();
      assertThat(fetcher.sizeOf(cold)).isZero();
      assertThat(fetcher.errorOf(cold)).isEqualTo(Errors.NONE);
    }
  }

  @Test
  void aColdReadOutlivesTheFetchThatStartedIt() throws Exception {
    Uuid cold = cooled();
    gate.shut();
    try (Fetcher fetcher = new Fetcher(node)) {
      fetcher.fetch(100, cold);
      assertThat(fetcher.sizeOf(cold)).isZero();
      assertThat(fetcher.errorOf(cold)).isEqualTo(Errors.NONE);
    }
    gate.open();
    await()
        .atMost(Duration.ofMillis(PATIENT_MS))
        .until(() -> {
          try (Fetcher fetcher = new Fetcher(node)) {
            fetcher.fetch(0, cold);
            return fetcher.sizeOf(cold) > 0;
          }
        });
  }

  @Test
  void whoWaitsForAColdPartitionIsAnsweredWhenItComes() throws Exception {
    Uuid cold = cooled();
    try (Fetcher fetcher = new Fetcher(node)) {
      fetcher.fetch(PATIENT_MS, cold);

      assertThat(fetcher.sizeOf(cold)).isPositive();
    }
  }

  @Test
  void aBrokenStoreIsARetriableErrorInTheEnd() throws Exception {
    Uuid cold = cooled();
    gate.breakStore(true);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          try (Fetcher fetcher = new Fetcher(node)) {
            fetcher.fetch(200, cold);
            return fetcher.errorOf(cold) == Errors.KAFKA_STORAGE_ERROR;
          }
        });
    gate.breakStore(false);
    await()
        .atMost(Duration.ofMillis(PATIENT_MS))
        .until(() -> {
          try (Fetcher fetcher = new Fetcher(node)) {
            fetcher.fetch(200, cold);
            return fetcher.sizeOf(cold) > 0;
          }
        });
  }

  @Test
  @Scenario("S-110")
  void withoutTheStoreProducersAndTailReadersNoticeNothing() throws Exception {
    gate.breakStore(true);
    gate.shut();

    Uuid hot = topic(Map.of("local.retention.ms", "1"));

    try (Fetcher fetcher = new Fetcher(node)) {
      fetcher.fetch(0, hot);
      assertThat(fetcher.sizeOf(hot)).isPositive();
    }
  }

  @Test
  @Scenario("S-123")
  void whoIsAboveItsQuotaOfTheStoreWaitsWithItsColdPartitionsAlone() throws Exception {
    Uuid cold = cooled();
    Uuid hot = topic(Map.of());
    limitColdReads(1.0);
    try (Fetcher first = new Fetcher(node);
        Fetcher second = new Fetcher(node)) {
      first.fetch(PATIENT_MS, cold);
      assertThat(first.sizeOf(cold)).isPositive();

      second.fetch(PATIENT_MS, cold, hot);

      assertThat(second.sizeOf(hot)).isPositive();
      assertThat(second.sizeOf(cold)).isZero();
      assertThat(second.errorOf(cold)).isEqualTo(Errors.NONE);
    } finally {
      limitColdReads(null);
    }
    try (Fetcher third = new Fetcher(node)) {
      third.fetch(PATIENT_MS, cold);
      assertThat(third.sizeOf(cold)).isPositive();
    }
  }

  private void limitColdReads(@Nullable Double bytesPerSecond) throws Exception {
    Map<String, @Nullable String> anybody = new HashMap<>();
    anybody.put(ClientQuotaEntity.USER, null);
    admin
        .alterClientQuotas(
            List.of(
                new ClientQuotaAlteration(
                    new ClientQuotaEntity(anybody),
                    List.of(
                        new ClientQuotaAlteration.Op(
                            "tidemark.remote.fetch.byte.rate", bytesPerSecond)))))
        .all()
        .get();
  }

  /** A topic with some records, hot. */
  private Uuid topic(Map<String, String> configs) throws Exception {
    String name = "topic-" + topics++;
    admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(configs))).all().get();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of()), new StringSerializer(), new StringSerializer())) {
      for (int index = 0; index < 100; index++) {
        producer.send(new ProducerRecord<>(name, "value-" + index));
      }
    }
    return Topics.id(admin, name);
  }

  /** The same, once all of it is in the store alone. */
  private Uuid cooled() throws Exception {
    String name = "topic-" + topics;
    Uuid id = topic(Map.of("local.retention.ms", "1"));
    TopicPartition partition = new TopicPartition(name, 0);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() ->
            admin
                    .listOffsets(Map.of(partition, OffsetSpec.earliestLocal()))
                    .partitionResult(partition)
                    .get()
                    .offset()
                == 100);
    return id;
  }
}
