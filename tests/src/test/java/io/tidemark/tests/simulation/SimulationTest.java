package io.tidemark.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The simulation itself: order, time, determinism, crashes. */
class SimulationTest {

  @Test
  void aSeedReplaysIdentically() {
    assertThat(run(7)).isEqualTo(run(7));
    assertThat(run(7)).isNotEqualTo(run(8));
  }

  @Test
  void timeMovesOnlyWhenNothingIsReady() {
    Simulation simulation = new Simulation(1);
    ScheduledExecutorService thread = simulation.process("p").thread("t");
    List<String> order = new ArrayList<>();
    thread.schedule(() -> order.add("later@" + simulation.nowNs()), 5, TimeUnit.NANOSECONDS);
    thread.execute(() -> order.add("now"));
    thread.execute(() -> order.add("then"));

    simulation.runUntil("all", 1, () -> order.size() == 3);

    assertThat(order).containsExactly("now", "then", "later@5");
  }

  @Test
  void blockingCodeWaitsInVirtualThreads() {
    Simulation simulation = new Simulation(3);
    SimulatedProcess process = simulation.process("p");
    CompletableFuture<String> asked = new CompletableFuture<>();
    List<String> got = new ArrayList<>();
    Thread thread =
        process
            .virtualThreads("v")
            .newThread(() -> {
              got.add(asked.join());
              simulation.time().sleep(1_000);
              got.add("slept until " + simulation.nowNs() / 1_000_000);
            });
    thread.start();
    process.thread("t").schedule(() -> asked.complete("answer"), 2, TimeUnit.SECONDS);

    simulation.runUntil("both", 10_000, () -> got.size() == 2);

    assertThat(got).containsExactly("answer", "slept until 3000");
  }

  @Test
  void nothingOfAKilledProcessRuns() {
    Simulation simulation = new Simulation(4);
    SimulatedProcess process = simulation.process("p");
    Executor thread = process.thread("t");
    thread.execute(() -> {
      throw new AssertionError("ran");
    });
    process.kill();

    assertThat(simulation.step()).isFalse();
    assertThatThrownBy(() -> simulation.runUntil("anything", 10, () -> false))
        .hasMessageContaining("anything");
  }

  private static List<Long> run(long seed) {
    Simulation simulation = new Simulation(seed);
    SimulatedProcess process = simulation.process("p");
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int task = i;
      process.pool("pool").schedule(() -> order.add(task), i % 7, TimeUnit.MILLISECONDS);
    }
    simulation.runUntil("all", 1_000, () -> order.size() == 50);
    return List.of(simulation.trace(), (long) order.hashCode());
  }
}
