package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.tests.simulation.Simulation;
import java.util.List;

/** One run of a cluster from a seed: faults at will, then healed and read back. */
final class ClusterLife {
  private static final int SIZE = 3;
  private static final int PARTITIONS = 2;
  private static final int ROUNDS = 12;
  private static final long HEAL_LIMIT_MS = 120_000;

  /** What one run came to; equal runs took the same steps. */
  record End(long trace, long steps, long acknowledged) {}

  private final Simulation simulation;
  private final SimulatedCluster cluster;
  private final ClusterWorkload workload;
  private final ClusterWatch watch;
  private final Faults faults;

  private ClusterLife(long seed) {
    boolean isFlushed = seed % 3 == 0;
    this.simulation = new Simulation(seed);
    this.cluster =
        new SimulatedCluster(simulation, SIZE)
            .losingAnswers(seed % 2 == 0 ? 0.02 : 0)
            .with("default.replication.factor", Integer.toString(SIZE))
            .with("min.insync.replicas", "2")
            .with("offsets.topic.replication.factor", Integer.toString(SIZE))
            .with("replica.lag.time.max.ms", "3000")
            .with("broker.session.timeout.ms", "2000")
            .with("log.segment.bytes", "1048576")
            .with("log.local.retention.ms", "5000")
            .with("log.retention.check.interval.ms", "1000")
            .with("log.segment.delete.delay.ms", "100")
            .with("tiering.upload.max.age.ms", "3000")
            .with("log.flush.interval.messages", isFlushed ? "1" : Long.toString(Long.MAX_VALUE));
    FencedNodeChangesNothing fencing = new FencedNodeChangesNothing(cluster);
    cluster.start();
    this.workload = new ClusterWorkload(cluster, PARTITIONS, SIZE);
    this.watch = new ClusterWatch(cluster, workload, fencing);
    this.faults = new Faults(cluster, isFlushed);
  }

  /** Runs one life; the seed is in every failure. */
  static End of(long seed) {
    try {
      return new ClusterLife(seed).live();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private End live() {
    workload.start();
    watch.runFor(1_000);
    for (int round = 0; round < ROUNDS; round++) {
      faults.happen();
      watch.runFor(simulation.random().nextInt(3_000));
    }
    cluster.heal();
    awaitProgress();
    workload.finish(HEAL_LIMIT_MS);
    simulation.runUntil("a whole cluster", HEAL_LIMIT_MS, cluster::isWhole);
    workload.readBack(HEAL_LIMIT_MS);
    workload.checkGroup(HEAL_LIMIT_MS);
    watch.check();
    ClusterHistory history = workload.history();
    for (Theorem theorem :
        List.of(
            new NoAcknowledgedRecordLost(history),
            new NoRecordTwice(history),
            new NoRefusedRecordAppears(history),
            new OrderKeptPerProducer(history),
            new WhatWasReadStays(history))) {
      theorem.check();
    }
    assertThat(history.doneCount()).isPositive();
    return new End(simulation.trace(), simulation.steps(), history.doneCount());
  }

  /** Everybody can go on within a bound once nothing is wrong any more. */
  private void awaitProgress() {
    long before = workload.history().doneCount();
    workload.await(
        "progress after everything healed",
        HEAL_LIMIT_MS,
        () -> workload.history().doneCount() > before);
  }
}
