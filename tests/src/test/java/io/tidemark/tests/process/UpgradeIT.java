package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.cli.Tidemark;
import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.TransactionHistory;
import io.tidemark.tests.history.TransactionalLoad;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.RetriableException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes as processes, first all of an older release, upgraded one by one under transactions
 * and partly put back.
 */
@Tag("long")
class UpgradeIT {
  private static final long SEED = Long.getLong("tidemark.seed", 20_261_201L);
  private static final String TOPIC = "upgraded";
  private static final String TRANSACTIONS = "__transaction_state";
  private static final String FEATURE = "transaction.version";
  private static final int PARTITIONS = 3;

  private final TransactionHistory history = new TransactionHistory();

  private static void older(NodeProcess node) {
    node.withProgram(OlderReleaseNode.class, "server");
  }

  private static void newer(NodeProcess node) {
    node.withProgram(Tidemark.class, "server");
  }

  @Test
  @Scenario({"S-59", "S-165", "S-197"})
  void nodesAreUpgradedOneByOneTheirFeatureAfterThemAndBothGoBack(@TempDir Path home)
      throws Exception {
    try (ClusterProcesses cluster =
        new ClusterProcesses(home, 3).with("transaction.state.log.num.partitions", "2")) {
      cluster.ids().forEach(id -> older(cluster.node(id)));
      cluster.start();
      cluster.createTopic(TOPIC, PARTITIONS, Map.of("min.insync.replicas", "2"));
      try (TransactionalLoad load =
          new TransactionalLoad(cluster.bootstrapServers(), TOPIC, PARTITIONS, history)) {
        load.start(2, new Random(SEED));
        makesProgress();
        hasLevel(cluster, 1);

        for (int id : cluster.ids()) {
          assertRefused(cluster, FEATURE, 2, UpgradeType.UPGRADE, "only supports versions 0-1");
          upgrade(cluster, id);
          makesProgress();
        }
        updatePatiently(cluster, 2, UpgradeType.UPGRADE);
        hasLevel(cluster, 2);
        makesProgress();

        assertRefused(cluster, FEATURE, 1, UpgradeType.UPGRADE, "upgrade type");
        assertRefused(cluster, "metadata.version", 32, UpgradeType.UNSAFE_DOWNGRADE, "release");
        anOlderNodeStaysOutside(cluster, 3);
        makesProgress();

        updatePatiently(cluster, 1, UpgradeType.SAFE_DOWNGRADE);
        cluster.node(3).start();
        isWhole(cluster);
        makesProgress();
        assertThat(load.stop()).as("seed %d", SEED).isEmpty();
        load.replay();
        assertThat(history.anomalies()).as("seed %d", SEED).isEmpty();
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + cluster.logTails(), e);
      }
    }
  }

  private static void upgrade(ClusterProcesses cluster, int id) throws Exception {
    isWhole(cluster);
    cluster.node(id).stop();
    newer(cluster.node(id));
    cluster.node(id).start();
    isWhole(cluster);
  }

  private static void anOlderNodeStaysOutside(ClusterProcesses cluster, int id) throws Exception {
    isWhole(cluster);
    cluster.node(id).stop();
    older(cluster.node(id));
    assertThatThrownBy(() -> cluster.node(id).start())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("transaction.version is at 2, this node can work with 0 to 1");
    patiently().until(() -> cluster.smallestIsr(TOPIC) == 2);
  }

  private static void hasLevel(ClusterProcesses cluster, int level) {
    patiently().until(() -> level(cluster) == level);
  }

  private static int level(ClusterProcesses cluster) throws Exception {
    try (Admin admin = cluster.admin()) {
      return admin
          .describeFeatures()
          .featureMetadata()
          .get()
          .finalizedFeatures()
          .get(FEATURE)
          .maxVersionLevel();
    }
  }

  /** Once more after a time-out, which says nothing about what was done. */
  private static void updatePatiently(ClusterProcesses cluster, int level, UpgradeType type) {
    patiently()
        .until(() -> {
          update(cluster, FEATURE, level, type);
          return true;
        });
  }

  private static void update(ClusterProcesses cluster, String feature, int level, UpgradeType type)
      throws Exception {
    try (Admin admin = cluster.admin()) {
      admin
          .updateFeatures(
              Map.of(feature, new FeatureUpdate((short) level, type)), new UpdateFeaturesOptions())
          .all()
          .get();
    }
  }

  private static void assertRefused(
      ClusterProcesses cluster, String feature, int level, UpgradeType type, String reason) {
    Throwable refusal =
        await()
            .atMost(CheckedTopic.PATIENCE)
            .until(
                () -> catchThrowable(() -> update(cluster, feature, level, type)),
                failure -> failure == null || !(failure.getCause() instanceof RetriableException));
    assertThat(refusal)
        .hasCauseInstanceOf(InvalidUpdateVersionException.class)
        .hasMessageContaining(reason);
  }

  private static void isWhole(ClusterProcesses cluster) {
    await()
        .atMost(CheckedTopic.PATIENCE)
        .ignoreExceptions()
        .until(() -> cluster.smallestIsr(TOPIC) == 3 && cluster.smallestIsr(TRANSACTIONS) == 3);
  }

  private void makesProgress() {
    long before = history.committedCount();
    await().atMost(CheckedTopic.PATIENCE).until(() -> history.committedCount() > before + 30);
  }
}
