package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A topic with three replicas under load with acks=all, and what must be true of it in the end:
 * every acknowledged record once and in order, and the same bytes on every node.
 */
final class CheckedTopic implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int PARTITIONS = 3;
  private static final int VALUE_BYTES = 500;
  private static final int RECORDS_PER_SECOND = 1_000;

  private final ClusterProcesses cluster;
  private final String name;
  private final History history = new History();
  private final Load load;

  CheckedTopic(ClusterProcesses cluster, String name, Map<String, String> configs)
      throws Exception {
    this.cluster = cluster;
    this.name = name;
    Map<String, String> all = new HashMap<>(Map.of("min.insync.replicas", "2"));
    all.putAll(configs);
    cluster.createTopic(name, PARTITIONS, all);
    this.load =
        new Load(cluster.bootstrapServers(), name, PARTITIONS, VALUE_BYTES, history)
            .paced(RECORDS_PER_SECOND);
  }

  /** Begins to produce and waits for the first acknowledgements. */
  CheckedTopic start(long seed) {
    load.start(2, new Random(seed), "none", "lz4");
    makesProgress();
    return this;
  }

  /** Waits until more is acknowledged than was so far. */
  void makesProgress() {
    long before = history.acknowledgedCount();
    await().atMost(PATIENCE).until(() -> history.acknowledgedCount() > before + 500);
  }

  int leader() throws Exception {
    return await().atMost(PATIENCE).until(() -> cluster.leader(name, 0), leader -> leader > 0);
  }

  int follower() throws Exception {
    int leader = leader();
    return cluster.ids().stream().filter(id -> id != leader).findFirst().orElseThrow();
  }

  void isInSync() {
    await().atMost(PATIENCE).until(() -> cluster.smallestIsr(name) == cluster.ids().size());
  }

  /** Stops the load and looks at everything. All nodes run. */
  void verify() throws Exception {
    assertThat(load.stop()).as("failed sends").isEmpty();
    isInSync();
    load.readAll();
    assertThat(history.anomalies()).isEmpty();
    assertThat(history.acknowledgedCount()).isPositive();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      haveTheSameBytes(partition);
    }
  }

  private void haveTheSameBytes(int partition) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          List<ReplicaFiles> replicas = replicas(partition, 0);
          long from = replicas.stream().mapToLong(ReplicaFiles::startOffset).max().orElse(0);
          assertThat(Set.copyOf(replicas(partition, from)))
              .as("different replicas of partition %d", partition)
              .hasSize(1);
        });
  }

  private List<ReplicaFiles> replicas(int partition, long fromOffset) throws Exception {
    List<ReplicaFiles> all = new ArrayList<>();
    for (int id : cluster.ids()) {
      all.add(ReplicaFiles.read(cluster.node(id).home(), name, partition, fromOffset));
    }
    return all;
  }

  @Override
  public void close() {
    load.close();
  }
}
