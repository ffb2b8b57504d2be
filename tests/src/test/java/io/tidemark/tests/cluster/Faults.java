package io.tidemark.tests.cluster;

import io.tidemark.tests.simulation.Simulation;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import java.util.random.RandomGenerator;

/**
 * What happens to a cluster, as the seed wills. A machine's page cache, or its disk, is taken only
 * where what is acknowledged does not rest on it alone: while every replica is in sync, or where
 * acknowledgements wait for the disk.
 */
final class Faults {
  private final SimulatedCluster cluster;
  private final Simulation simulation;
  private final RandomGenerator random;
  private final boolean isFlushed;

  /**
   * Begins with a cluster of which nothing is wrong.
   *
   * @param isFlushed whether acknowledgements wait for the disks
   */
  Faults(SimulatedCluster cluster, boolean isFlushed) {
    this.cluster = cluster;
    this.simulation = cluster.simulation();
    this.random = simulation.random();
    this.isFlushed = isFlushed;
  }

  /** One more thing goes wrong, or something that did is right again. */
  void happen() {
    ClusterMachine machine = cluster.machine(1 + random.nextInt(cluster.machines().size()));
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> endOrStart(machine);
      case 3 -> powerFailure(machine);
      case 4 -> replaceDisk(machine);
      case 5, 6 -> pauseOrResume(machine);
      case 7, 8 -> cutSomething(machine);
      case 9 -> cluster.network().heal();
      case 10 -> cluster.network().reset(machine.host(), anyHost());
      case 11 -> slowNetwork();
      case 12 -> store();
      case 13 -> disk(machine);
      case 14 -> machine.clock().jumpTo(random.nextLong(-3_600_000, 3_600_000));
      default -> healSome();
    }
  }

  private void endOrStart(ClusterMachine machine) {
    if (machine.isRunning()) {
      machine.kill();
    } else {
      cluster.start(machine.id());
    }
  }

  private void powerFailure(ClusterMachine machine) {
    if (isFlushed || mayLose(machine)) {
      machine.crash();
      startSoon(machine);
    }
  }

  private void replaceDisk(ClusterMachine machine) {
    if (mayLose(machine)) {
      machine.wipe();
      startSoon(machine);
    }
  }

  private boolean mayLose(ClusterMachine machine) {
    return machine.isRunning() && cluster.isWhole();
  }

  private void startSoon(ClusterMachine machine) {
    simulation.runFor(random.nextInt(2_000));
    cluster.start(machine.id());
  }

  private void pauseOrResume(ClusterMachine machine) {
    if (machine.isPaused()) {
      machine.resume();
    } else {
      machine.pause();
    }
  }

  private void cutSomething(ClusterMachine machine) {
    switch (random.nextInt(4)) {
      case 0 -> cluster.isolate(machine.id());
      case 1 -> cluster.network().cut(machine.host(), anyHost());
      case 2 -> cluster.network().cutOneWay(machine.host(), anyHost());
      default -> cluster.network().cutOneWay(anyHost(), machine.host());
    }
  }

  private String anyHost() {
    int drawn = random.nextInt(cluster.machines().size() + 1);
    return drawn == 0 ? ClusterWorkload.HOST : cluster.machine(drawn).host();
  }

  private void slowNetwork() {
    cluster.network().delays(1_000, 1_000 + random.nextInt(300_000));
    cluster.network().loses(random.nextDouble(0.1));
  }

  private void store() {
    cluster
        .store()
        .with(Fault.ERROR, random.nextDouble(0.3))
        .with(Fault.LOST_ANSWER, random.nextDouble(0.2))
        .with(Fault.SLOW, random.nextDouble(0.3))
        .with(Fault.STALE, random.nextDouble(0.5));
  }

  private void disk(ClusterMachine machine) {
    switch (random.nextInt(3)) {
      case 0 -> machine.disk().full();
      case 1 -> machine.disk().outOfHandles();
      default -> machine.hangDisk();
    }
  }

  private void healSome() {
    cluster.store().heal();
    cluster
        .machines()
        .forEach(machine -> {
          machine.disk().heal();
          machine.disk().freed();
          machine.diskGoesOn();
        });
  }
}
