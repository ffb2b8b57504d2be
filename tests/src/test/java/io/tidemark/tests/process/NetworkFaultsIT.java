package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes as processes under load, and a network between them that is cut. A seed: {@code
 * -Dtidemark.seed=…}. Needs the right to make network namespaces.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkFaultsIT {
  private static final long SEED = Long.getLong("tidemark.seed", 20_261_201L);

  private NodeNetwork network;
  private ClusterProcesses cluster;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    System.out.println("NetworkFaultsIT: seed " + SEED);
    network = NodeNetwork.of(3);
    cluster =
        new ClusterProcesses(home, 3, network::place)
            .with("replica.lag.time.max.ms", "3000")
            .with("broker.session.timeout.ms", "3000")
            .start();
  }

  @AfterEach
  void heal() throws Exception {
    network.heal();
  }

  @AfterAll
  void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
    if (network != null) {
      network.close();
    }
  }

  private CheckedTopic topic(String name) throws Exception {
    return new CheckedTopic(cluster, name, Map.of()).start(SEED);
  }

  @Test
  @Scenario({"S-60", "S-04"})
  void aLeaderWithoutItsFollowersIsReplacedThoughClientsReachIt() throws Exception {
    try (CheckedTopic topic = topic("alone")) {
      topic.isInSync();
      int leader = topic.leader();
      network.isolate(leader);
      await().atMost(CheckedTopic.PATIENCE).until(() -> leaderAsToldBy(other(leader)) != leader);
      topic.makesProgress();
      network.heal();
      topic.verify();
    }
  }

  @Test
  @Scenario("S-61")
  void clientsThatCannotReachALeaderGoOnWhenTheyCan() throws Exception {
    try (CheckedTopic topic = topic("unreached")) {
      topic.isInSync();
      network.cutFromClients(topic.leader());
      topic.makesProgress();
      network.heal();
      topic.makesProgress();
      topic.verify();
    }
  }

  @Test
  @Scenario("S-62")
  void twoNodesThatHearEachOtherThroughAThirdAloneLoseNothing() throws Exception {
    try (CheckedTopic topic = topic("bridged")) {
      topic.isInSync();
      int leader = topic.leader();
      network.cut(leader, topic.follower());
      topic.makesProgress();
      topic.makesProgress();
      network.heal();
      topic.verify();
    }
  }

  @Test
  @Scenario("S-45")
  void aQuorumsLeaderInTheMinorityIsReplaced() throws Exception {
    try (CheckedTopic topic = topic("minority")) {
      int alone = cluster.quorumLeader();
      network.isolate(alone);
      await().atMost(CheckedTopic.PATIENCE).until(() -> quorum(other(alone)).leader() != alone);
      topic.makesProgress();
      network.heal();
      patiently()
          .untilAsserted(
              () -> assertThat(quorum(alone).leader()).isEqualTo(quorum(other(alone)).leader()));
      topic.verify();
    }
  }

  @Test
  @Scenario("S-47")
  void aVoterThatHearsNothingButCanSendDisturbsNobody() throws Exception {
    try (CheckedTopic topic = topic("deaf")) {
      topic.isInSync();
      int deaf = other(cluster.quorumLeader());
      for (int id : cluster.ids()) {
        if (id != deaf) {
          network.cutOneWay(id, deaf);
        }
      }
      await()
          .atMost(CheckedTopic.PATIENCE)
          .until(() -> {
            long term = quorum(other(deaf)).term();
            topic.makesProgress();
            topic.makesProgress();
            return quorum(other(deaf)).term() == term;
          });
      network.heal();
      topic.verify();
    }
  }

  private int other(int node) {
    return cluster.ids().stream().filter(id -> id != node).findFirst().orElseThrow();
  }

  /** Who leads the quorum, and since which election, as a node knows. */
  private record QuorumView(int leader, long term) {}

  private QuorumView quorum(int node) throws Exception {
    return patiently()
        .until(
            () -> {
              try (Admin admin = adminOf(node)) {
                var info = admin.describeMetadataQuorum().quorumInfo().get();
                return new QuorumView(info.leaderId(), info.leaderEpoch());
              }
            },
            view -> view.leader > 0);
  }

  private int leaderAsToldBy(int node) throws Exception {
    try (Admin admin = adminOf(node)) {
      var leader =
          admin
              .describeTopics(List.of("alone"))
              .allTopicNames()
              .get()
              .get("alone")
              .partitions()
              .getFirst()
              .leader();
      return leader == null ? -1 : leader.id();
    }
  }

  /** A client that begins at one node; what it asks goes where that node says. */
  private Admin adminOf(int node) {
    return Admin.create(
        Map.of(
            "bootstrap.servers",
            cluster.node(node).bootstrapServer(),
            "default.api.timeout.ms",
            60_000,
            "request.timeout.ms",
            20_000));
  }
}
