package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumers that name their rack, and the replica they then read from. */
@Tag("long")
class FollowerReadsIT {
  private static final TopicPartition PARTITION = new TopicPartition("near", 0);
  private static final int RECORDS = 2_000;

  /** Leaders stay where they are, however long a node is not heard of. */
  private static final String LONG_SESSION_MS = "60000";

  @Test
  @Scenario("S-26")
  void aConsumerReadsEverythingFromTheReplicaInItsRack(@TempDir Path home) throws Exception {
    try (ClusterProcesses cluster =
        new ClusterProcesses(home, 3)
            .withEach("broker.rack", id -> "rack-" + id)
            .with("broker.session.timeout.ms", LONG_SESSION_MS)
            .with(
                "replica.selector.class",
                "org.apache.kafka.common.replica.RackAwareReplicaSelector")
            .start()) {
      cluster.createTopic(PARTITION.topic(), 1, Map.of());
      produce(cluster, 100);
      int leader = leaderOfThreeInSync(cluster);
      int near = cluster.ids().stream().filter(id -> id != leader).findFirst().orElseThrow();

      List<Long> offsets = read(cluster, "rack-" + near);

      assertThat(offsets).isEqualTo(LongStream.range(0, RECORDS).boxed().toList());
      await()
          .atMost(CheckedTopic.PATIENCE)
          .untilAsserted(() -> assertThat(sent(cluster.node(near))).isPositive());
      assertThat(sent(cluster.node(leader))).isZero();
    }
  }

  @Test
  @Scenario("S-26")
  void whatIsOnlyInTheStoreIsReadThroughTheReplicaInItsRackToo(@TempDir Path home)
      throws Exception {
    try (ClusterProcesses cluster =
        new ClusterProcesses(home, 3)
            .withEach("broker.rack", id -> "rack-" + id)
            .with("broker.session.timeout.ms", LONG_SESSION_MS)
            .with("tiering.store", home.resolve("store").toUri().toString())
            .with("log.retention.check.interval.ms", "200")
            .with("log.segment.delete.delay.ms", "100")
            .with(
                "replica.selector.class",
                "org.apache.kafka.common.replica.RackAwareReplicaSelector")
            .start()) {
      cluster.createTopic(
          PARTITION.topic(),
          1,
          Map.of(
              "remote.storage.enable", "true",
              "segment.bytes", "1048576",
              "local.retention.ms", "500"));
      produce(cluster, 1024);
      for (int id : cluster.ids()) {
        await()
            .atMost(CheckedTopic.PATIENCE)
            .until(() ->
                ReplicaFiles.read(cluster.node(id).home(), PARTITION.topic(), 0).startOffset() > 0);
      }
      int leader = leaderOfThreeInSync(cluster);
      int near = cluster.ids().stream().filter(id -> id != leader).findFirst().orElseThrow();

      List<Long> offsets = read(cluster, "rack-" + near);

      assertThat(offsets).isEqualTo(LongStream.range(0, RECORDS).boxed().toList());
      assertThat(downloaded(cluster.node(near))).isPositive();
      assertThat(downloaded(cluster.node(leader))).isZero();
      assertThat(sent(cluster.node(leader))).isZero();
    }
  }

  /** Who leads once nobody has to be waited for, and a consumer may read from any of the three. */
  private static int leaderOfThreeInSync(ClusterProcesses cluster) {
    patiently().until(() -> cluster.smallestIsr(PARTITION.topic()) == 3);
    return patiently().until(() -> cluster.leader(PARTITION.topic(), 0), leader -> leader > 0);
  }

  private static double downloaded(NodeProcess node) throws Exception {
    return Scrape.of(node).value("tidemark_remote_downloaded_bytes_total");
  }

  private static void produce(ClusterProcesses cluster, int valueBytes) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        producer.send(new ProducerRecord<>(PARTITION.topic(), 0, null, new byte[valueBytes]));
      }
    }
  }

  private static List<Long> read(ClusterProcesses cluster, String rack) {
    List<Long> offsets = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers(), "client.rack", rack),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      long guardNs = System.nanoTime() + CheckedTopic.PATIENCE.toNanos();
      while (offsets.size() < RECORDS && System.nanoTime() < guardNs) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          offsets.add(record.offset());
        }
      }
    }
    return offsets;
  }

  /** Bytes the node has sent to consumers of the topic. */
  private static double sent(NodeProcess node) throws Exception {
    return Scrape.of(node).value("tidemark_topic_out_bytes_total{topic=\"near\"}");
  }
}
