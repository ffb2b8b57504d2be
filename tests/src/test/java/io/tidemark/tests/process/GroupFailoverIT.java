package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group whose coordinator dies: another node goes on where it stopped. */
@Tag("long")
class GroupFailoverIT {
  private static final String GROUP = "g";
  private static final TopicPartition PARTITION = new TopicPartition("read", 0);

  @Test
  @Scenario("S-140")
  void aMemberKeepsItsGenerationAndItsOffsetsWhenTheCoordinatorDies(@TempDir Path home)
      throws Exception {
    try (ClusterProcesses cluster =
            new ClusterProcesses(home, 3)
                .with("offsets.topic.num.partitions", "3")
                .with("offsets.topic.replication.factor", "3")
                .with("broker.session.timeout.ms", "3000")
                .start();
        Admin admin = cluster.admin()) {
      cluster.createTopic(PARTITION.topic(), 1, Map.of());
      produce(cluster, 100);
      try (KafkaConsumer<byte[], byte[]> consumer = consumer(cluster)) {
        consumer.subscribe(List.of(PARTITION.topic()));
        readTo(consumer, 100);
        consumer.commitSync();
        int generation = consumer.groupMetadata().generationId();
        int coordinator = patiently().until(() -> coordinator(admin), id -> id > 0);

        cluster.node(coordinator).kill();
        produce(cluster, 50);
        readTo(consumer, 150);
        await()
            .atMost(CheckedTopic.PATIENCE)
            .ignoreExceptions()
            .until(() -> {
              consumer.commitSync(Duration.ofSeconds(5));
              return true;
            });

        assertThat(consumer.groupMetadata().generationId()).isEqualTo(generation);
        assertThat(consumer.committed(Set.of(PARTITION)).get(PARTITION).offset()).isEqualTo(150);
      }
    }
  }

  private static int coordinator(Admin admin) throws Exception {
    return admin.describeConsumerGroups(List.of(GROUP)).all().get().get(GROUP).coordinator().id();
  }

  private static void produce(ClusterProcesses cluster, int count) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        producer.send(new ProducerRecord<>(PARTITION.topic(), 0, null, new byte[100]));
      }
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(ClusterProcesses cluster) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            cluster.bootstrapServers(),
            "group.id",
            GROUP,
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "earliest",
            "session.timeout.ms",
            45_000),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static void readTo(KafkaConsumer<byte[], byte[]> consumer, long offset) {
    await()
        .atMost(CheckedTopic.PATIENCE)
        .until(() -> {
          consumer.poll(Duration.ofMillis(200));
          return consumer.assignment().contains(PARTITION)
              && consumer.position(PARTITION) >= offset;
        });
  }
}
