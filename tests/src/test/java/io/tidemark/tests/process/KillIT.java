package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node is killed with SIGKILL at random moments under load with acks=all while segments roll,
 * upload to a store that fails at random, and leave the disk, and started again. Afterwards every
 * acknowledged record is there, once, in order, hot or cold. Rounds: {@code
 * -Dtidemark.kill.rounds=50}; a seed: {@code -Dtidemark.seed=…}.
 */
@Tag("long")
class KillIT {
  private static final String TOPIC = "killed";
  private static final int PARTITIONS = 3;

  @TempDir Path home = Path.of("");

  @Test
  @Scenario("S-72")
  void everyAcknowledgedRecordSurvivesKillsOnceAndInOrder() throws Exception {
    int rounds = Integer.getInteger("tidemark.kill.rounds", 20);
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("KillIT: seed " + seed + ", rounds " + rounds);
    Random random = new Random(seed);
    History history = new History();
    try (NodeProcess node = node(seed);
        Load load = new Load(node.bootstrapServer(), TOPIC, PARTITIONS, 700, history)) {
      node.start();
      createTopic(node);
      load.start(3, random, "none", "lz4", "zstd");
      for (int round = 0; round < rounds; round++) {
        Thread.sleep(100 + random.nextInt(1_500));
        node.kill();
        node.start();
      }
      assertThat(load.stop()).as("failed sends, seed " + seed).isEmpty();
      awaitColdRecords(node);
      load.readAll();
      assertThat(history.anomalies()).as("seed " + seed).isEmpty();
      assertThat(history.acknowledgedCount()).isGreaterThan(rounds);
      System.out.println(
          "KillIT: " + history.acknowledgedCount() + " acknowledged records verified");
      node.kill();
    }
  }

  private NodeProcess node(long seed) throws Exception {
    return new NodeProcess(home)
        .withProgram(FaultyStoreNode.class, Long.toString(seed))
        .withDirectoryStore()
        .with("log.segment.bytes", "1048576")
        .with("log.local.retention.ms", "500")
        .with("log.retention.check.interval.ms", "200")
        .with("log.segment.delete.delay.ms", "100")
        .with("tiering.upload.max.age.ms", "1000");
  }

  /** Otherwise nothing would have been shown about the store. */
  private static void awaitColdRecords(NodeProcess node) {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()))) {
      await()
          .atMost(Duration.ofMinutes(2))
          .ignoreExceptions()
          .until(
              () ->
                  admin
                      .listOffsets(Map.of(partition, OffsetSpec.earliestLocal()))
                      .partitionResult(partition)
                      .get()
                      .offset(),
              localStart -> localStart > 0);
    }
  }

  private static void createTopic(NodeProcess node) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
    }
  }
}
