package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.tests.simulation.Simulation;
import java.util.List;

/**
 * One run of a cluster from a seed: faults at will, then healed and read back. In half of them all
 * nodes share a store, in a third of them acknowledgements wait for the disks, and every machine's
 * clock is off by some seconds.
 */
final class ClusterLife {
  private static final int SIZE = 3;
  private static final int PARTITIONS = 2;
  private static final int MOST_SKEW_MS = 20_000;
  private static final long HEAL_LIMIT_MS = 120_000;

  /** What goes wrong: anything, three times or twelve, or nodes being fenced that are healthy. */
  enum Kind {
    WHOLE(12, 3_000),
    BRIEF(3, 1_000),
    FENCED(12, 2_000);

    private final int rounds;
    private final int mostMs;

    Kind(int rounds, int mostMs) {
      this.rounds = rounds;
      this.mostMs = mostMs;
    }
  }

  /** What one run came to; equal runs took the same steps. */
  record End(long trace, long steps, long acknowledged) {}

  private final Kind kind;
  private final Simulation simulation;
  private final SimulatedCluster cluster;
  private final ClusterWorkload workload;
  private final ClusterWatch watch;
  private final Faults faults;
  private final Fencing fencing;

  private ClusterLife(Kind kind, long seed) {
    boolean isFlushed = seed % 3 == 0;
    boolean isTiered = seed % 4 < 2;
    this.kind = kind;
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
    if (isTiered) {
      cluster
          .with("tiering.store", "file:///store")
          .with("tiering.upload.max.age.ms", "500")
          .with("tiering.delete.delay.ms", "1000")
          .with("tiering.sweep.interval.ms", "2000");
    }
    Theorem fenced = new FencedNodeChangesNothing(cluster);
    Theorem deleted = new OnlyNamedObjectsAreDeleted(cluster);
    cluster.start();
    cluster
        .machines()
        .forEach(machine ->
            machine.clock().jumpTo(simulation.random().nextInt(-MOST_SKEW_MS, MOST_SKEW_MS)));
    this.workload = new ClusterWorkload(cluster, PARTITIONS, SIZE);
    this.watch = new ClusterWatch(cluster, workload, fenced, deleted);
    this.faults = new Faults(cluster, isFlushed);
    this.fencing = new Fencing(cluster, workload);
  }

  /** Runs one life; the seed is in every failure. */
  static End of(long seed) {
    return of(Kind.WHOLE, seed);
  }

  /** Runs one life of a kind. */
  static End of(Kind kind, long seed) {
    try {
      return new ClusterLife(kind, seed).live();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(kind + " seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private End live() {
    workload.start();
    watch.runFor(1_000);
    for (int round = 0; round < kind.rounds; round++) {
      trouble();
      watch.runFor(simulation.random().nextInt(kind.mostMs));
    }
    cluster.heal();
    awaitProgress();
    workload.finish(HEAL_LIMIT_MS);
    simulation.runUntil("a whole cluster", HEAL_LIMIT_MS, cluster::isSettled);
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

  private void trouble() {
    if (kind == Kind.FENCED || simulation.random().nextInt(12) == 0) {
      fencing.happen();
    } else {
      faults.happen();
    }
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
