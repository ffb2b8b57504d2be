package io.tidemark.tests.cluster;

import java.util.ArrayList;
import java.util.List;

/** Looks at a cluster while it runs: what must hold at any moment. */
final class ClusterWatch {
  private static final int MOST_MS = 200;

  private final SimulatedCluster cluster;
  private final ClusterWorkload workload;
  private final List<Theorem> theorems;

  /**
   * Begins to watch.
   *
   * @param others that saw the cluster's quorum begin
   */
  ClusterWatch(SimulatedCluster cluster, ClusterWorkload workload, Theorem... others) {
    this.cluster = cluster;
    this.workload = workload;
    this.theorems = new ArrayList<>(List.of(others));
    theorems.add(new ReplicasIdenticalBelowHighWatermark(cluster));
    theorems.add(new SingleLeaderPerEpoch(cluster));
    theorems.add(new EveryLeaderHoldsWhatIsCommitted(cluster));
    theorems.add(new HighWatermarkAndLogStartMonotonic(cluster));
    theorems.add(new ManifestEntriesExist(cluster));
  }

  /** Lets time pass, and looks every so often. */
  void runFor(long ms) {
    long endNs = cluster.simulation().nowNs() + ms * 1_000_000;
    while (cluster.simulation().nowNs() < endNs) {
      long leftMs = (endNs - cluster.simulation().nowNs()) / 1_000_000 + 1;
      cluster
          .simulation()
          .runFor(Math.min(leftMs, 1 + cluster.simulation().random().nextInt(MOST_MS)));
      check();
    }
  }

  void check() {
    theorems.forEach(Theorem::check);
    workload.check();
  }
}
