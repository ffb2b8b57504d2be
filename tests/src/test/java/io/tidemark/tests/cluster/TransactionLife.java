package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.tests.history.TransactionHistory;
import io.tidemark.tests.simulation.Simulation;
import org.apache.kafka.common.TopicPartition;

/**
 * One run of a cluster under transactions from a seed: producers of both kinds, readers of what is
 * committed, faults at will; then all is healed and read back. (S-152, S-153, S-155, S-157, S-158)
 */
final class TransactionLife {
  private static final int SIZE = 3;
  private static final int PARTITIONS = 2;
  private static final int ROUNDS = 12;
  private static final int PRODUCERS_OF_EACH_KIND = 2;
  private static final long HEAL_LIMIT_MS = 120_000;

  /** What one run came to. */
  record End(long trace, long steps, long committed) {}

  private final Simulation simulation;
  private final SimulatedCluster cluster;
  private final ClusterWorkload workload;
  private final ClusterWatch watch;
  private final Faults faults;
  private final TransactionHistory history = new TransactionHistory();

  private TransactionLife(long seed) {
    this.simulation = new Simulation(seed);
    this.cluster =
        new SimulatedCluster(simulation, SIZE)
            .losingAnswers(seed % 2 == 0 ? 0.02 : 0)
            .with("min.insync.replicas", "2")
            .with("transaction.state.log.num.partitions", "2")
            .with("transaction.state.log.replication.factor", Integer.toString(SIZE))
            .with("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000")
            .with("replica.lag.time.max.ms", "3000")
            .with("broker.session.timeout.ms", "2000")
            .start();
    this.workload = new ClusterWorkload(cluster, PARTITIONS, SIZE);
    this.watch = new ClusterWatch(cluster, workload);
    this.faults = new Faults(cluster, false);
  }

  /** Runs one life; the seed is in every failure. */
  static End of(long seed) {
    try {
      return new TransactionLife(seed).live();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private End live() {
    workload.createTopic();
    for (int i = 0; i < PRODUCERS_OF_EACH_KIND; i++) {
      begin(workload.client("new" + i), false);
      begin(workload.olderClient("old" + i), true);
    }
    for (TopicPartition partition : workload.partitions()) {
      CommittedReader reader = reader("tail-" + partition.partition(), partition);
      workload.again(100, reader::poll);
    }
    awaitMore();
    for (int round = 0; round < ROUNDS; round++) {
      faults.happen();
      watch.runFor(simulation.random().nextInt(3_000));
    }
    cluster.heal();
    awaitMore();
    workload.finish(HEAL_LIMIT_MS);
    simulation.runUntil("a whole cluster", HEAL_LIMIT_MS, cluster::isSettled);
    replay();
    watch.check();
    assertThat(history.anomalies()).isEmpty();
    return new End(simulation.trace(), simulation.steps(), history.committedCount());
  }

  private void begin(ClusterClient client, boolean isOlder) {
    TransactionalProducer producer =
        new TransactionalProducer(
            client,
            simulation.time(),
            simulation.random(),
            new TransactionalProducer.TopicPartitions(ClusterWorkload.TOPIC, PARTITIONS),
            isOlder,
            history);
    workload.again(80, producer::transact);
  }

  private CommittedReader reader(String name, TopicPartition partition) {
    return new CommittedReader(
        workload.client(name), partition, CommittedReader.into(history.reading(name), partition));
  }

  private void awaitMore() {
    long before = history.committedCount();
    workload.await("more transactions", HEAL_LIMIT_MS, () -> history.committedCount() > before + 5);
  }

  /** To the end, which nobody may hold back for longer than a transaction may take. */
  private void replay() {
    for (TopicPartition partition : workload.partitions()) {
      CommittedReader reader =
          new CommittedReader(
              workload.client("replay-" + partition.partition()),
              partition,
              CommittedReader.into(history.replay(), partition));
      workload.once(() -> {
        do {
          reader.poll();
        } while (!reader.isAtEnd());
      });
    }
    workload.awaitAll("a replay to the end", HEAL_LIMIT_MS);
  }
}
