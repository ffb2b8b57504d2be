package io.tidemark.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.History;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * A whole node, in one thread on simulated time, whose disk fills up, has no handles, or fails:
 * producers that try again, as all do, go on by themselves, and nothing is lost or doubled.
 */
class BadDiskSimulation {
  private static final long LIMIT_MS = 600_000;

  private final Simulation simulation = new Simulation(1);
  private final SimulatedObjectStore store = new SimulatedObjectStore();
  private final SimulatedMachine machine =
      new SimulatedMachine(simulation, store)
          .with("log.segment.bytes", "1048576")
          .with("log.local.retention.ms", "1000")
          .with("log.retention.check.interval.ms", "500")
          .with("tiering.upload.max.age.ms", "3000");
  private final History history = new History();
  private final SimulatedProcess clients = simulation.process("clients");
  private final List<Throwable> failures = new ArrayList<>();
  private int nextClient;

  /** A producer of a topic with one partition, in a thread of its own. */
  private final class Producing {
    final String topic;
    final SimulatedClient client;
    long batches;
    boolean isStopped;
    boolean isDone;

    Producing(String topic) {
      this.topic = topic;
      client = new SimulatedClient(simulation, machine, topic, 1, nextClient++, history);
      inThread(() -> {
        client.createTopic();
        while (!isStopped) {
          client.produceBatch();
          batches++;
          simulation.time().sleep(20);
        }
        isDone = true;
      });
    }

    /** Goes on after what happened. */
    void awaitMore() {
      long wanted = batches + 20;
      await("batches", () -> batches >= wanted);
    }

    void stop() {
      isStopped = true;
      await("the end of a producer", () -> isDone);
    }

    void readAll(History into) {
      SimulatedClient reader =
          new SimulatedClient(simulation, machine, topic, 1, nextClient++, into);
      boolean[] isRead = {false};
      inThread(() -> {
        reader.readAll(0);
        isRead[0] = true;
      });
      await("a replay", () -> isRead[0]);
    }
  }

  private void inThread(Runnable task) {
    clients
        .virtualThreads("client")
        .newThread(() -> {
          try {
            task.run();
          } catch (RuntimeException | Error e) {
            failures.add(e);
          }
        })
        .start();
  }

  private void await(String what, BooleanSupplier condition) {
    simulation.runUntil(what, LIMIT_MS, () -> condition.getAsBoolean() || !failures.isEmpty());
    assertThat(failures).isEmpty();
  }

  private void start() {
    machine.start();
    machine.awaitServing();
  }

  private void assertNothingIsLost(Producing... producers) {
    for (Producing producer : producers) {
      producer.stop();
    }
    for (Producing producer : producers) {
      producer.readAll(history);
    }
    assertThat(history.anomalies()).isEmpty();
    assertThat(history.acknowledgedCount()).isPositive();
  }

  @Test
  @Scenario({"S-79", "S-81"})
  void producersAndNewTopicsWaitForRoomAndGoOn() {
    machine.with("log.local.retention.ms", "3600000");
    start();
    Producing before = new Producing("before");
    before.awaitMore();

    machine.disk().full();
    simulation.runFor(1_000);
    long stuckAt = before.batches;
    Producing meanwhile = new Producing("meanwhile");
    simulation.runFor(120_000);
    assertThat(before.batches).isEqualTo(stuckAt);
    assertThat(meanwhile.batches).isZero();

    machine.disk().freed();
    before.awaitMore();
    meanwhile.awaitMore();
    assertNothingIsLost(before, meanwhile);
  }

  @Test
  @Scenario({"S-79", "S-81"})
  void aNodeThatIsKilledWhileItsDiskIsFullStartsAndServesWhatIsThere() {
    machine.with("log.flush.interval.messages", "1");
    start();
    Producing producer = new Producing("full");
    producer.awaitMore();
    machine.disk().full();
    simulation.runFor(5_000);

    machine.kill();
    start();
    producer.readAll(new History());
    machine.crash();
    start();

    machine.disk().freed();
    producer.awaitMore();
    assertNothingIsLost(producer);
  }

  @Test
  @Scenario("S-92")
  void aNodeWithoutFileHandlesGoesOnWhenItHasSomeAgain() {
    start();
    Producing before = new Producing("before");
    before.awaitMore();

    machine.disk().outOfHandles();
    simulation.runFor(1_000);
    Producing meanwhile = new Producing("meanwhile");
    simulation.runFor(60_000);

    machine.disk().heal();
    before.awaitMore();
    meanwhile.awaitMore();
    assertNothingIsLost(before, meanwhile);
  }

  @Test
  @Scenario({"S-91", "S-96"})
  void aDirectoryThatTakesNoWritesTakesNoOtherWithIt() {
    machine.with("log.dirs", "/one,/two");
    start();
    List<Producing> producers =
        List.of(new Producing("a"), new Producing("b"), new Producing("c"), new Producing("d"));
    producers.forEach(Producing::awaitMore);

    for (Call call : List.of(Call.WRITE, Call.CREATE, Call.MOVE, Call.DELETE, Call.TRUNCATE)) {
      machine.disk().fail(call, file -> file.startsWith(Path.of("/two")), Integer.MAX_VALUE);
    }
    simulation.runFor(5_000);
    List<Long> before = producers.stream().map(producer -> producer.batches).toList();
    simulation.runFor(5_000);
    List<Producing> going = new ArrayList<>();
    for (int i = 0; i < producers.size(); i++) {
      if (producers.get(i).batches > before.get(i)) {
        going.add(producers.get(i));
      }
    }
    assertThat(going).hasSize(2);
    Producing fresh = new Producing("fresh");
    fresh.awaitMore();
    going.forEach(producer -> producer.readAll(new History()));

    machine.kill();
    start();
    producers.forEach(Producing::awaitMore);
    producers.forEach(Producing::stop);
  }
}
