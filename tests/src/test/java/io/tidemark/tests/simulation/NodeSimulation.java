package io.tidemark.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.ManySeeds;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.History;
import io.tidemark.tiering.store.FaultyObjectStore;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A whole node above simulated ports, in one thread, from a seed: producers with acks=all write
 * while segments roll, upload to a store that fails, and leave the disk; the disk is full, or there
 * are no file handles, for a while; the node is killed, or its machine goes down, at random
 * moments. Then everything heals, and everything acknowledged is there: once, in order, at its
 * offset.
 *
 * <p>Even seeds kill the process, with the default durability (the page cache). Odd seeds take down
 * the machine, with {@code log.flush.interval.messages=1}. One seed alone: {@code
 * -Dtidemark.seed=N}.
 */
class NodeSimulation {
  private static final String TOPIC = "simulated";
  private static final int PARTITIONS = 2;
  private static final int PRODUCERS = 3;
  private static final int DEATHS = 4;
  private static final long HEAL_LIMIT_MS = 300_000;

  /** What one run came to; equal runs took the same steps. */
  record Outcome(long trace, long steps, long acknowledged, int objects) {}

  @Test
  @Scenario({"S-72", "S-79"})
  void whatWasAcknowledgedSurvivesEveryDeath() {
    Long only = Long.getLong("tidemark.seed");
    long first = only == null ? 1 : only;
    long last = only == null ? 8 : only;
    for (long seed = first; seed <= last; seed++) {
      System.out.println("NodeSimulation: seed " + seed + ": " + run(seed));
    }
  }

  @Test
  void aSeedReplaysIdentically() {
    assertThat(run(3)).isEqualTo(run(3));
  }

  /** One seed after the other, for so many seconds: {@code -Dtidemark.long.seconds}. */
  @Test
  @Tag("long")
  @Scenario({"S-72", "S-79"})
  void manySeedsForAsLongAsAsked() {
    ManySeeds.run("NodeSimulation", 90, 2, NodeSimulation::run);
  }

  private static Outcome run(long seed) {
    try {
      return simulate(seed);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private static Outcome simulate(long seed) {
    Simulation simulation = new Simulation(seed);
    boolean isMachine = seed % 2 != 0;
    SimulatedObjectStore objects = new SimulatedObjectStore();
    FaultyObjectStore store =
        new FaultyObjectStore(objects, simulation.random(), simulation.time())
            .with(Fault.ERROR, 0.05)
            .with(Fault.LOST_ANSWER, 0.05)
            .with(Fault.THROTTLED, 0.03)
            .with(Fault.TRUNCATED, 0.02)
            .with(Fault.FLIPPED, 0.02)
            .with(Fault.SLOW, 0.05);
    SimulatedMachine machine =
        new SimulatedMachine(simulation, store)
            .with("log.segment.bytes", "1048576")
            .with("log.local.retention.ms", "1000")
            .with("log.retention.check.interval.ms", "500")
            .with("log.segment.delete.delay.ms", "100")
            .with("tiering.upload.max.age.ms", "3000")
            .with("log.flush.interval.messages", isMachine ? "1" : Long.toString(Long.MAX_VALUE));
    History history = new History();
    machine.start();
    machine.awaitServing();
    Clients clients = new Clients(simulation, machine, history);
    for (int death = 0; death < DEATHS; death++) {
      simulation.runFor(50 + simulation.random().nextInt(4_000));
      runShort(simulation, machine.disk());
      if (isMachine) {
        machine.crash();
      } else {
        machine.kill();
      }
      machine.start();
      simulation.runFor(simulation.random().nextInt(2_000));
      machine.disk().freed();
      machine.disk().heal();
    }
    store.heal();
    machine.awaitServing();
    clients.finish();
    clients.readAll();
    assertThat(history.anomalies()).isEmpty();
    assertThat(history.acknowledgedCount()).isPositive();
    return new Outcome(
        simulation.trace(), simulation.steps(), history.acknowledgedCount(), objects.keys().size());
  }

  /** Something runs out for a while, which the next start may find so. */
  private static void runShort(Simulation simulation, SimulatedDisk disk) {
    switch (simulation.random().nextInt(3)) {
      case 0 -> disk.full();
      case 1 -> disk.outOfHandles();
      default -> {}
    }
    simulation.runFor(simulation.random().nextInt(2_000));
  }

  /** Producers, each in a thread of its own, and the reader that comes after them. */
  private static final class Clients {
    private final Simulation simulation;
    private final SimulatedProcess process;
    private final List<SimulatedClient> producers = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private boolean stopped;
    private int running;

    Clients(Simulation simulation, SimulatedMachine machine, History history) {
      this.simulation = simulation;
      this.process = simulation.process("clients");
      for (int id = 0; id < PRODUCERS; id++) {
        SimulatedClient producer =
            new SimulatedClient(simulation, machine, TOPIC, PARTITIONS, id, history);
        producers.add(producer);
        run(() -> produce(producer));
      }
    }

    private void produce(SimulatedClient producer) {
      producer.createTopic();
      while (!stopped) {
        producer.produceBatch();
        simulation.time().sleep(simulation.random().nextInt(60));
      }
    }

    void finish() {
      stopped = true;
      await("the producers' end");
    }

    void readAll() {
      for (int i = 0; i < PARTITIONS; i++) {
        int partition = i;
        run(() -> producers.getFirst().readAll(partition));
      }
      await("a replay to the end");
    }

    private void run(Runnable task) {
      running++;
      process
          .virtualThreads("client")
          .newThread(() -> {
            try {
              task.run();
            } catch (RuntimeException | Error e) {
              failures.add(e);
            }
            running--;
          })
          .start();
    }

    private void await(String what) {
      simulation.runUntil(what, HEAL_LIMIT_MS, () -> running == 0 || !failures.isEmpty());
      assertThat(failures).isEmpty();
    }
  }
}
