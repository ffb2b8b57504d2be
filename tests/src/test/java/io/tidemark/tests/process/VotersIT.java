package io.tidemark.tests.process;

import static io.tidemark.tests.process.CommandLines.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes as processes under load, whose metadata quorum grows and loses voters. */
class VotersIT {

  @Test
  @Scenario("S-49")
  void aQuorumOfOneGrowsToThreeAndAVoterIsReplacedUnderLoad(@TempDir Path home) throws Exception {
    try (ClusterProcesses cluster = ledByOne(home).start();
        CheckedTopic topic = new CheckedTopic(cluster, "grown", Map.of()).start(4)) {
      await().atMost(CheckedTopic.PATIENCE).until(() -> voters(cluster).equals(List.of(1)));

      add(cluster, 2);
      add(cluster, 3);
      assertThat(voters(cluster)).containsExactly(1, 2, 3);
      assertThat(run(cluster, "quorum", "describe")).contains("leader");
      topic.makesProgress();

      cluster.node(1).kill();
      topic.makesProgress();
      cluster.node(1).start();
      topic.isInSync();

      cluster.node(3).with("controller.quorum.auto.join.enable", "true").kill();
      cluster.node(3).loseEverything();
      cluster.node(3).start();
      await().atMost(CheckedTopic.PATIENCE).until(() -> voters(cluster).equals(List.of(1, 2, 3)));
      topic.isInSync();

      run(cluster, "quorum", "remove-voter", "2");
      assertThat(voters(cluster)).containsExactly(1, 3);
      topic.makesProgress();
      topic.verify();
      assertThat(cluster.node(2).isAlive()).isTrue();
    }
  }

  /** Node 1 votes; the others are as if they had been bought later. */
  private static ClusterProcesses ledByOne(Path home) throws Exception {
    ClusterProcesses cluster =
        new ClusterProcesses(home, 3)
            .with("broker.session.timeout.ms", "3000")
            .with("controller.quorum.auto.join.enable", "false");
    cluster.with("controller.quorum.bootstrap.servers", cluster.controller(1));
    cluster.node(1).with("controller.quorum.voters", cluster.voter(1));
    return cluster;
  }

  /** Tries again after REQUEST_TIMED_OUT, which says nothing about what was done. */
  private static void add(ClusterProcesses cluster, int id) {
    await()
        .atMost(CheckedTopic.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> {
          if (!voters(cluster).contains(id)) {
            run(cluster, "quorum", "add-voter", cluster.voter(id));
          }
          assertThat(voters(cluster)).contains(id);
        });
  }

  private static List<Integer> voters(ClusterProcesses cluster) throws Exception {
    try (Admin admin = cluster.admin()) {
      return admin.describeMetadataQuorum().quorumInfo().get().voters().stream()
          .map(QuorumInfo.ReplicaState::replicaId)
          .sorted()
          .toList();
    }
  }
}
