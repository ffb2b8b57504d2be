package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that dies under load costs its clients a connection, and nothing else. */
@Tag("long")
@Tag("byhand")
class GatewayKillIT {
  private static final String TOPIC = "behind";
  private static final int PARTITIONS = 6;

  @TempDir Path home;

  @Test
  void clientsGoOnThroughTheOtherGateway() throws Exception {
    History history = new History();
    try (ClusterProcesses cluster = new ClusterProcesses(home, 3).start();
        NodeProcess first = cluster.gateway(11);
        NodeProcess second = cluster.gateway(12)) {
      first.start();
      second.start();
      cluster.createTopic(TOPIC, PARTITIONS, Map.of("min.insync.replicas", "2"));
      String gateways = first.bootstrapServer() + "," + second.bootstrapServer();
      try (Load load = new Load(gateways, TOPIC, PARTITIONS, 500, history).paced(1_000)) {
        load.start(2, new Random(11), "none", "lz4");
        makesProgress(history);

        first.kill();
        makesProgress(history);
        first.start();
        makesProgress(history);
        second.kill();
        makesProgress(history);

        assertThat(load.stop()).as("failed sends").isEmpty();
        load.readAll();
      }
      assertThat(history.anomalies()).isEmpty();
      assertThat(history.acknowledgedCount()).isPositive();
    }
  }

  @Test
  void clientsGoOnWhenALeaderDiesBehindTheirGateway() throws Exception {
    History history = new History();
    try (ClusterProcesses cluster = new ClusterProcesses(home, 3).start();
        NodeProcess gateway = cluster.gateway(11)) {
      gateway.start();
      cluster.createTopic(TOPIC, PARTITIONS, Map.of("min.insync.replicas", "2"));
      try (Load load =
          new Load(gateway.bootstrapServer(), TOPIC, PARTITIONS, 500, history).paced(1_000)) {
        load.start(2, new Random(12), "none");
        makesProgress(history);

        cluster.node(3).kill();
        makesProgress(history);
        cluster.node(3).start();
        makesProgress(history);

        assertThat(load.stop()).as("failed sends").isEmpty();
        load.readAll();
      }
      assertThat(history.anomalies()).isEmpty();
    }
  }

  private static void makesProgress(History history) {
    long before = history.acknowledgedCount();
    await().atMost(CheckedTopic.PATIENCE).until(() -> history.acknowledgedCount() > before + 500);
  }
}
