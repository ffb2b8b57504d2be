package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionReplica;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node is killed with SIGKILL at random moments while its replicas move from one disk to the
 * other under load. Rounds: {@code -Dtidemark.kill.rounds=50}; a seed: {@code -Dtidemark.seed=…}.
 */
@Tag("long")
class LogDirKillIT {
  private static final String TOPIC = "moving";
  private static final int PARTITIONS = 3;

  @Test
  @Scenario("S-72")
  void everyAcknowledgedRecordSurvivesKillsOfANodeWhoseReplicasMove(@TempDir Path home)
      throws Exception {
    int rounds = Integer.getInteger("tidemark.kill.rounds", 8);
    long seed = Long.getLong("tidemark.seed", 20_261_134L);
    System.out.println("LogDirKillIT: seed " + seed + ", rounds " + rounds);
    Random random = new Random(seed);
    History history = new History();
    List<Path> disks = List.of(home.resolve("one"), home.resolve("two"));
    try (NodeProcess node =
            new NodeProcess(home)
                .with("log.dirs", disks.get(0) + "," + disks.get(1))
                .with("log.segment.bytes", "1048576")
                .with("log.segment.delete.delay.ms", "100");
        Load load = new Load(node.bootstrapServer(), TOPIC, PARTITIONS, 700, history)) {
      node.start();
      try (Admin admin = admin(node)) {
        admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
      }
      load.start(3, random, "none", "lz4", "zstd");
      for (int round = 0; round < rounds; round++) {
        makesProgress(history);
        moveAll(node, disks, random);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
        node.kill();
        node.start();
      }
      assertThat(load.stop()).as("failed sends, seed " + seed).isEmpty();
      arrived(node);
      load.readAll();
      assertThat(history.anomalies()).as("seed " + seed).isEmpty();
      assertThat(history.acknowledgedCount()).isGreaterThan(rounds);
      node.kill();
    }
  }

  private static Admin admin(NodeProcess node) {
    return Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()));
  }

  private static void makesProgress(History history) {
    long before = history.acknowledgedCount();
    await().atMost(CheckedTopic.PATIENCE).until(() -> history.acknowledgedCount() > before + 200);
  }

  /** To the disk where each is not, or back where it comes from. */
  private static void moveAll(NodeProcess node, List<Path> disks, Random random) throws Exception {
    Map<TopicPartitionReplica, String> moves = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      moves.put(
          new TopicPartitionReplica(TOPIC, partition, 1),
          disks.get(random.nextInt(disks.size())).toString());
    }
    try (Admin admin = admin(node)) {
      admin.alterReplicaLogDirs(moves).all().get();
    }
  }

  /** What the kills interrupted is moved after all. */
  private static void arrived(NodeProcess node) {
    List<TopicPartitionReplica> replicas =
        List.of(
            new TopicPartitionReplica(TOPIC, 0, 1),
            new TopicPartitionReplica(TOPIC, 1, 1),
            new TopicPartitionReplica(TOPIC, 2, 1));
    try (Admin admin = admin(node)) {
      await()
          .atMost(CheckedTopic.PATIENCE)
          .untilAsserted(() ->
              assertThat(admin.describeReplicaLogDirs(replicas).all().get().values())
                  .extracting(ReplicaLogDirInfo::getFutureReplicaLogDir)
                  .containsOnlyNulls());
    }
  }
}
