package io.tidemark.tests.process;

import static io.tidemark.tests.process.CommandLines.run;
import static io.tidemark.tests.process.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes as processes under load, whose metadata quorum grows and loses voters. */
@Tag("long")
class VotersIT {

  @Test
  @Scenario("S-49")
  void aQuorumOfOneGrowsToThreeAndAVoterIsReplacedUnderLoad(@TempDir Path home) throws Exception {
    try (ClusterProcesses cluster = ledByOne(home, 3).start();
        CheckedTopic topic = new CheckedTopic(cluster, "grown", Map.of()).start(4)) {
      votersAre(cluster, 1);

      add(cluster, 2);
      add(cluster, 3);
      votersAre(cluster, 1, 2, 3);
      assertThat(run(cluster, "quorum", "describe")).contains("leader");
      topic.makesProgress();

      cluster.node(1).kill();
      topic.makesProgress();
      cluster.node(1).start();
      topic.isInSync();

      cluster.node(3).with("controller.quorum.auto.join.enable", "true").kill();
      cluster.node(3).loseEverything();
      cluster.node(3).start();
      votersAre(cluster, 1, 2, 3);
      topic.isInSync();

      remove(cluster, 2);
      votersAre(cluster, 1, 3);
      topic.makesProgress();
      topic.verify();
      assertThat(cluster.node(2).isAlive()).isTrue();
    }
  }

  @Test
  @Scenario("S-52")
  void votersThatComeAtOnceAndWhileTheLeaderDiesAreInTheEndInOneQuorum(@TempDir Path home)
      throws Exception {
    History history = new History();
    try (ClusterProcesses cluster = ledByOne(home, 4).start();
        Load load = new Load(cluster.bootstrapServers(), "voted", 1, 500, history).paced(200)) {
      cluster.createTopic("voted", 1, Map.of("min.insync.replicas", "2"));
      load.start(1, new Random(52), "none");
      CompletableFuture<Void> second = CompletableFuture.runAsync(() -> add(cluster, 2));
      add(cluster, 3);
      second.join();
      votersAre(cluster, 1, 2, 3);

      int leader = cluster.quorumLeader();
      CompletableFuture<Void> fourth = CompletableFuture.runAsync(() -> add(cluster, 4));
      cluster.node(leader).kill();
      makesProgress(history);
      cluster.node(leader).start();
      fourth.join();
      votersAre(cluster, 1, 2, 3, 4);

      cluster.node(cluster.quorumLeader()).kill();
      makesProgress(history);
      cluster.start();
      assertThat(load.stop()).as("failed sends").isEmpty();
      load.readAll();
      assertThat(history.anomalies()).isEmpty();
    }
  }

  private static void makesProgress(History history) {
    long before = history.acknowledgedCount();
    await().atMost(CheckedTopic.PATIENCE).until(() -> history.acknowledgedCount() > before + 200);
  }

  /** Node 1 votes; the others are as if they had been bought later. */
  private static ClusterProcesses ledByOne(Path home, int count) throws Exception {
    ClusterProcesses cluster =
        new ClusterProcesses(home, count)
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

  /** Tries again as {@link #add} does. */
  private static void remove(ClusterProcesses cluster, int id) {
    await()
        .atMost(CheckedTopic.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> {
          if (voters(cluster).contains(id)) {
            run(cluster, "quorum", "remove-voter", Integer.toString(id));
          }
          assertThat(voters(cluster)).doesNotContain(id);
        });
  }

  /** Through whichever node is asked, which may learn of it later than the leader. */
  private static void votersAre(ClusterProcesses cluster, Integer... ids) {
    patiently().untilAsserted(() -> assertThat(voters(cluster)).containsExactly(ids));
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
