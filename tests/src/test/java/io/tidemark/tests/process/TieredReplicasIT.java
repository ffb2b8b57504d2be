package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes with one store: what a replica does that has lost what is tiered. */
@Tag("long")
class TieredReplicasIT {
  private static final String COPIED = "tidemark_replica_fetch_bytes_total";

  @Test
  @Scenario("S-117")
  void aReplicaThatLostItsDisksCopiesTheHotTailOnlyAndCanLead(@TempDir Path home) throws Exception {
    String store = home.resolve("store").toUri().toString();
    try (ClusterProcesses cluster =
            new ClusterProcesses(home, 3)
                .with("tiering.store", store)
                .with("broker.session.timeout.ms", "3000")
                .with("log.segment.bytes", "1048576")
                .with("log.local.retention.ms", "500")
                .with("log.retention.check.interval.ms", "200")
                .with("log.segment.delete.delay.ms", "100")
                .with("tiering.upload.max.age.ms", "1000")
                .start();
        CheckedTopic topic = new CheckedTopic(cluster, "tiered", Map.of()).start(1)) {
      int wiped = topic.follower();
      await()
          .atMost(CheckedTopic.PATIENCE)
          .until(
              () -> ReplicaFiles.read(cluster.node(wiped).home(), "tiered", 0).startOffset() > 0);
      cluster.node(wiped).kill();
      cluster.node(wiped).loseLogs();
      cluster.node(wiped).start();
      topic.isInSync();

      Scrape scrape = Scrape.of(cluster.node(wiped));
      assertThat(scrape.value("tidemark_replica_starts_tiered_total")).isPositive();
      assertThat(scrape.value(COPIED)).isPositive();
      int other = topic.leader();
      if (other != wiped) {
        cluster.node(other).kill();
        topic.makesProgress();
        cluster.node(other).start();
      }
      topic.verify();
    }
  }
}
