package io.tidemark.tests.process;

import static org.awaitility.Awaitility.await;

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
            .with("leader.imbalance.check.interval.seconds", "2")
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
  @Scenario("S-20")
  void leadershipsGoBackByThemselvesToWhoIsPreferredUnderLoad() throws Exception {
    try (CheckedTopic topic = new CheckedTopic(cluster, "balanced", Map.of()).start(3)) {
      int preferred = cluster.describe("balanced", 0).replicas().getFirst().id();
      leads(preferred);
      cluster.node(preferred).kill();
      await()
          .atMost(CheckedTopic.PATIENCE)
          .ignoreExceptions()
          .until(() -> topic.leader() != preferred);
      cluster.node(preferred).start();
      leads(preferred);
      topic.makesProgress();
      topic.verify();
      leads(preferred);
    }
  }

  private void leads(int preferred) {
    await()
        .atMost(CheckedTopic.PATIENCE)
        .ignoreExceptions()
        .until(() -> cluster.leader("balanced", 0) == preferred);
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
