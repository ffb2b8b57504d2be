package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.TransactionHistory;
import io.tidemark.tests.history.TransactionalLoad;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes as processes under transactions that follow each other without a pause, so that
 * whoever dies does so in the midst of some: their coordinator, the leader of what they write, all
 * of them. Nothing is lost, torn, seen twice or seen that was aborted. Rounds: {@code
 * -Dtidemark.kill.rounds=5}; a seed: {@code -Dtidemark.seed=…}.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransactionFaultsIT {
  private static final long SEED = Long.getLong("tidemark.seed", 20_261_130L);
  private static final int ROUNDS = Integer.getInteger("tidemark.kill.rounds", 1);
  private static final String TRANSACTIONS = "__transaction_state";
  private static final int PARTITIONS = 3;
  private static final int PRODUCERS = 3;
  private static final int PROGRESS = 30;

  private ClusterProcesses cluster;

  /** Something that happens to the cluster while it works. */
  @FunctionalInterface
  private interface Fault {
    void happen(String topic) throws Exception;
  }

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    System.out.println("TransactionFaultsIT: seed " + SEED + ", rounds " + ROUNDS);
    cluster =
        new ClusterProcesses(home, 3)
            .with("transaction.state.log.num.partitions", "2")
            .with("replica.lag.time.max.ms", "3000")
            .with("broker.session.timeout.ms", "3000")
            .start();
  }

  @AfterEach
  void allRun() {
    cluster.start();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  @Scenario({"S-152", "S-153"})
  void coordinatorsAndLeadersThatAreKilledLeaveNoTransactionTorn() throws Exception {
    check("killed", topic -> killed(cluster.leader(TRANSACTIONS, 0), topic));
  }

  @Test
  @Scenario("S-152")
  void allKilledAtOnceLeaveNoTransactionTorn() throws Exception {
    check(
        "all-killed",
        _ -> {
          for (int id : cluster.ids()) {
            cluster.node(id).kill();
          }
          cluster.start();
        });
  }

  @Test
  @Scenario({"S-153", "S-158"})
  void coordinatorsThatAreFrozenDecideNothingAnyMore() throws Exception {
    check(
        "frozen",
        topic -> {
          int coordinator = cluster.leader(TRANSACTIONS, 1);
          cluster.node(coordinator).freeze();
          await()
              .atMost(CheckedTopic.PATIENCE)
              .ignoreExceptions()
              .until(() -> cluster.leader(TRANSACTIONS, 1) != coordinator);
          cluster.node(coordinator).thaw();
        });
  }

  /** The coordinator dies first; as soon as the others go on a leader of the data does. */
  private void killed(int coordinator, String topic) throws Exception {
    cluster.node(coordinator).kill();
    cluster.node(coordinator).start();
    await().atMost(CheckedTopic.PATIENCE).until(() -> cluster.smallestIsr(topic) == 3);
    int leader =
        await().atMost(CheckedTopic.PATIENCE).until(() -> cluster.leader(topic, 0), id -> id > 0);
    cluster.node(leader).kill();
    cluster.node(leader).start();
  }

  private void check(String topic, Fault fault) throws Exception {
    cluster.createTopic(topic, PARTITIONS, Map.of("min.insync.replicas", "2"));
    TransactionHistory history = new TransactionHistory();
    try (TransactionalLoad load =
        new TransactionalLoad(cluster.bootstrapServers(), topic, PARTITIONS, history)) {
      load.start(PRODUCERS, new Random(SEED));
      makesProgress(history);
      for (int round = 0; round < ROUNDS; round++) {
        await()
            .atMost(CheckedTopic.PATIENCE)
            .until(() -> cluster.smallestIsr(topic) == 3 && cluster.smallestIsr(TRANSACTIONS) == 3);
        fault.happen(topic);
        makesProgress(history);
      }
      assertThat(load.stop()).as("seed %d", SEED).isEmpty();
      load.replay();
      assertThat(history.anomalies()).as("seed %d", SEED).isEmpty();
      System.out.printf(
          "TransactionFaultsIT: %s: %d committed, %d producers replaced%n",
          topic, history.committedCount(), load.replacedCount());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + cluster.logTails(), e);
    }
  }

  private static void makesProgress(TransactionHistory history) {
    long before = history.committedCount();
    await().atMost(CheckedTopic.PATIENCE).until(() -> history.committedCount() > before + PROGRESS);
  }
}
