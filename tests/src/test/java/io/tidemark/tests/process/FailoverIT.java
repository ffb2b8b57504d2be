package io.tidemark.tests.process;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes as processes, and leaders that go: killed, and stopped. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
class FailoverIT {
  private ClusterProcesses cluster;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    cluster =
        new ClusterProcesses(home, 3)
            .with("log.segment.bytes", "1048576")
            .with("broker.session.timeout.ms", "3000")
            .start();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  @Scenario("S-09")
  void nothingAcknowledgedIsLostWithALeaderThatIsKilled() throws Exception {
    try (CheckedTopic topic = new CheckedTopic(cluster, "killed", Map.of()).start(1)) {
      int leader = topic.leader();
      cluster.node(leader).kill();
      topic.makesProgress();
      cluster.node(leader).start();
      topic.verify();
    }
  }

  @Test
  @Scenario("S-10")
  void aLeaderThatStopsHandsOverFirst() throws Exception {
    try (CheckedTopic topic = new CheckedTopic(cluster, "stopped", Map.of()).start(2)) {
      int leader = topic.leader();
      cluster.node(leader).stop();
      topic.makesProgress();
      cluster.node(leader).start();
      topic.verify();
    }
  }
}
