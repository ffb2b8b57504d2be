package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.TransactionHistory;
import io.tidemark.tests.history.TransactionalLoad;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes as processes under plain and transactional load, killed, frozen and cut off in any
 * order, also two faults at a time; then all is healed, and everything has to be there. Clocks are
 * the simulation's to turn. A seed: {@code -Dtidemark.seed=…}; so long: {@code
 * -Dtidemark.long.seconds=…}. Needs the right to make network namespaces.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MixedFaultsIT {
  private static final long SEED = Long.getLong("tidemark.seed", 20_261_201L);
  private static final long SECONDS = Long.getLong("tidemark.long.seconds", 60);
  private static final int PARTITIONS = 3;
  private static final int PRODUCERS = 3;
  private static final int PROGRESS = 30;

  /** Two faults leave no majority, or a majority that cannot write: more would not be more. */
  private static final int AT_ONCE = 2;

  private static final int LONGEST_MS = 3_000;

  private final Random random = new Random(SEED);
  private final Deque<Undo> undone = new ArrayDeque<>();
  private NodeNetwork network;
  private ClusterProcesses cluster;

  /** What ends a fault. */
  @FunctionalInterface
  private interface Undo {
    void run() throws Exception;
  }

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    System.out.printf("MixedFaultsIT: seed %d, %d s%n", SEED, SECONDS);
    network = NodeNetwork.of(3);
    cluster =
        new ClusterProcesses(home, 3, network::place)
            .with("transaction.state.log.num.partitions", "2")
            .with("log.segment.bytes", "4194304")
            .with("replica.lag.time.max.ms", "3000")
            .with("broker.session.timeout.ms", "3000")
            .start();
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

  @Test
  @Scenario("S-195")
  void whateverHappensTogetherLosesTearsAndDoublesNothing() throws Exception {
    cluster.createTopic("accounts", PARTITIONS, Map.of("min.insync.replicas", "2"));
    TransactionHistory history = new TransactionHistory();
    try (CheckedTopic records = new CheckedTopic(cluster, "records", Map.of()).start(SEED);
        TransactionalLoad transactions =
            new TransactionalLoad(cluster.bootstrapServers(), "accounts", PARTITIONS, history)) {
      transactions.start(PRODUCERS, new Random(SEED));
      makesProgress(history);
      int faults = faultsForAWhile();
      while (!undone.isEmpty()) {
        undone.pop().run();
      }
      cluster.start();

      records.makesProgress();
      makesProgress(history);
      assertThat(transactions.stop()).as("seed %d", SEED).isEmpty();
      transactions.replay();
      assertThat(history.anomalies()).as("seed %d", SEED).isEmpty();
      records.verify();
      System.out.printf(
          "MixedFaultsIT: %d faults, %d transactions committed, %d producers replaced%n",
          faults, history.committedCount(), transactions.replacedCount());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + cluster.logTails(), e);
    }
  }

  private int faultsForAWhile() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    int faults = 0;
    while (System.nanoTime() < end) {
      if (undone.size() == AT_ONCE || (!undone.isEmpty() && random.nextBoolean())) {
        undone.removeLast().run();
      } else {
        begin();
        faults++;
      }
      // How long a fault lasts is part of what is drawn.
      Thread.sleep(random.nextInt(LONGEST_MS));
    }
    return faults;
  }

  private void begin() throws Exception {
    int id = 1 + random.nextInt(cluster.ids().size());
    int other = 1 + id % cluster.ids().size();
    NodeProcess node = cluster.node(id);
    switch (random.nextInt(6)) {
      case 0 -> {
        if (node.isAlive()) {
          node.kill();
          undone.push(() -> node.startUntilLogged("Voting in the metadata quorum"));
        }
      }
      case 1 -> {
        if (node.isAlive()) {
          node.freeze();
          undone.push(() -> thaw(node));
        }
      }
      case 2 -> cut(() -> network.isolate(id));
      case 3 -> cut(() -> network.cut(id, other));
      case 4 -> cut(() -> network.cutOneWay(id, other));
      default -> cut(() -> network.cutFromClients(id));
    }
  }

  private static void thaw(NodeProcess node) throws Exception {
    if (node.isAlive()) {
      node.thaw();
    }
  }

  /** One cut at a time, which all of the network heals from. */
  private void cut(Undo cut) throws Exception {
    if (!network.isWhole()) {
      return;
    }
    cut.run();
    undone.push(network::heal);
  }

  private static void makesProgress(TransactionHistory history) {
    long before = history.committedCount();
    await().atMost(CheckedTopic.PATIENCE).until(() -> history.committedCount() > before + PROGRESS);
  }
}
