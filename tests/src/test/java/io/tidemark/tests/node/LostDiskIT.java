package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

/** A node whose log directory is gone goes on from what the store has. */
class LostDiskIT {
  private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

  @Test
  @Scenario("S-117")
  void whatIsTieredIsReadAndWrittenOnAfterTheDiskIsLost(@TempDir Path home) throws Exception {
    try (NodeFixture node =
        new NodeFixture(home)
            .withDirectoryStore(home)
            .with("metadata.log.dir", home.resolve("quorum").toString())
            .with("tiering.upload.max.age.ms", "100")
            .with("log.retention.check.interval.ms", "100")
            .start()) {
      try (Admin admin = node.admin()) {
        admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
        produce(node, 0, 500);
        await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> Topics.offset(admin, PARTITION, OffsetSpec.latestTiered()) == 499);
      }
      node.stop();
      erase(home.resolve("data"));
      node.start();

      assertThat(Reading.all(node, "kept", 0, 500)).hasSize(500);
      produce(node, 500, 10);
      assertThat(Reading.all(node, "kept", 0, 510)).hasSize(510);
    }
  }

  private static void produce(NodeFixture node, int from, int count) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of()), new StringSerializer(), new StringSerializer())) {
      for (int index = from; index < from + count; index++) {
        assertThat(producer.send(new ProducerRecord<>("kept", "value-" + index)).get().offset())
            .isEqualTo(index);
      }
    }
  }

  private static void erase(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
