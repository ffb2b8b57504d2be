package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicationIT {
  private static final String TOPIC = "replicated";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path home = Path.of("");
  private ClusterProcesses cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new ClusterProcesses(home, 3).start();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void whatIsAcknowledgedByAllSurvivesTheLeader() throws Exception {
    try {
      cluster.createTopic(TOPIC, 3, Map.of("min.insync.replicas", "2"));
      History history = new History();
      try (Load load = new Load(cluster.bootstrapServers(), TOPIC, 3, 700, history)) {
        load.start(2, new Random(1), "none");
        await().atMost(PATIENCE).until(() -> history.acknowledgedCount() > 1_000);
        int leader = cluster.leader(TOPIC, 0);
        cluster.node(leader).kill();
        long before = history.acknowledgedCount();
        await().atMost(PATIENCE).until(() -> history.acknowledgedCount() > before + 1_000);
        cluster.node(leader).start();
        await().atMost(PATIENCE).until(() -> cluster.smallestIsr(TOPIC) == 3);
        assertThat(load.stop()).isEmpty();
        load.readAll();
      }
      assertThat(history.anomalies()).isEmpty();
    } catch (Throwable t) {
      throw new AssertionError(cluster.logTails(), t);
    }
  }
}
