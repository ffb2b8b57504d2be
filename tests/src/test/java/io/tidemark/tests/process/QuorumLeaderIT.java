package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes as processes with one store: what needs the quorum's leader goes on wherever it is,
 * and without the one there was.
 */
class QuorumLeaderIT {
  private static final int PARTITIONS = 6;
  private static final int RECORDS = 3_000;

  @Test
  @Scenario({"S-44", "S-97"})
  void uploadsAreCommittedByEveryNodeAndGoOnWhenTheQuorumsLeaderIsKilled(@TempDir Path home)
      throws Exception {
    try (ClusterProcesses cluster = cluster(home).start()) {
      cluster.createTopic(
          "tiered", PARTITIONS, Map.of("segment.bytes", "1048576", "local.retention.ms", "1"));
      produce(cluster, "tiered");
      awaitUploads(cluster, "tiered", 1);

      int leads = cluster.quorumLeader();
      int survivor = cluster.ids().stream().filter(id -> id != leads).findFirst().orElseThrow();
      cluster.node(leads).kill();
      await()
          .atMost(CheckedTopic.PATIENCE)
          .ignoreExceptions()
          .until(() -> fencedAsGone(cluster, leads) >= 1);
      produce(cluster, "tiered");
      awaitUploads(cluster, "tiered", 2);
      cluster.createTopic("made-without-it", 1, Map.of());

      patiently().until(() -> cluster.quorumLeader() != leads);
      assertThat(cluster.node(survivor).isAlive()).isTrue();
    }
  }

  private static ClusterProcesses cluster(Path home) throws Exception {
    return new ClusterProcesses(home, 3)
        .with("tiering.store", home.resolve("store").toUri().toString())
        .with("log.retention.check.interval.ms", "200")
        .with("tiering.upload.max.age.ms", "300");
  }

  /** What those that are left have counted: the controller among them did. */
  private static double fencedAsGone(ClusterProcesses cluster, int killed) throws Exception {
    double fenced = 0;
    for (int id : cluster.ids()) {
      if (id != killed) {
        fenced +=
            Scrape.of(cluster.node(id))
                .value("tidemark_controller_nodes_fenced_total{reason=\"gone\"}");
      }
    }
    return fenced;
  }

  private static void produce(ClusterProcesses cluster, String topic) throws Exception {
    Map<String, Object> config =
        Map.of("bootstrap.servers", cluster.bootstrapServers(), "delivery.timeout.ms", 60_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, new byte[1_000]));
      }
      producer.flush();
    }
  }

  /** Every partition is in the store to its end, whoever leads it. */
  private static void awaitUploads(ClusterProcesses cluster, String topic, int rounds) {
    await()
        .atMost(CheckedTopic.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> {
          try (Admin admin = cluster.admin()) {
            for (int index = 0; index < PARTITIONS; index++) {
              TopicPartition partition = new TopicPartition(topic, index);
              long tiered =
                  admin
                      .listOffsets(Map.of(partition, OffsetSpec.latestTiered()))
                      .partitionResult(partition)
                      .get()
                      .offset();
              assertThat(tiered).isEqualTo((long) rounds * RECORDS / PARTITIONS - 1);
            }
          }
        });
  }
}
