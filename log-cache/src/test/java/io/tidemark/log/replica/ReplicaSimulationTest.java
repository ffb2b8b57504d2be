package io.tidemark.log.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.log.replica.ReplicaNode.Told;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * A leader above a disk that fills up, fails, slows down and goes away with its process, and
 * idempotent producers that try again until they are acknowledged. In one thread from a seed. What
 * was acknowledged is there once, in each producer's order; the same seed gives the same trace.
 */
class ReplicaSimulationTest {
  private static final int ROUNDS = Integer.getInteger("tidemark.rounds", 15);

  @Test
  void everythingAcknowledgedIsThereOnceAndInOrder() {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    for (int round = 0; round < ROUNDS; round++) {
      new World(seed + round).run(300);
    }
    System.out.println("seed " + seed);
  }

  @Test
  void oneSeedGivesOneTrace() {
    assertThat(new World(42).run(300)).isEqualTo(new World(42).run(300));
  }

  private static boolean isLog(Path path) {
    return path.toString().endsWith(".log");
  }

  /**
   * One idempotent producer with one batch in flight: it sends it again until it is acknowledged.
   */
  private static final class Producer {
    final long id;
    int sequence;
    int acknowledged;
    List<String> unacknowledged = List.of();
    Told told = new Told();
    boolean isInFlight;

    Producer(long id) {
      this.id = id;
    }
  }

  private static final class World {
    private final long seed;
    private final Random random;
    private final ReplicaNode node;
    private final List<Producer> producers = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private Replica replica;
    private int leaderEpoch = 1;

    World(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.node = new ReplicaNode(seed);
      this.node.tailCacheBytes = random.nextBoolean() ? 2L << 20 : 0;
      if (random.nextInt(3) == 0) {
        node.config = node.config.toBuilder().flushMessages(1).build();
      }
      this.replica = node.start().leadAlone(leaderEpoch);
      for (int i = 0; i < 4; i++) {
        producers.add(new Producer(100 + i));
      }
    }

    List<String> run(int steps) {
      for (int step = 0; step < steps; step++) {
        step();
      }
      node.disk.heal();
      node.disk.capacityBytes(Long.MAX_VALUE);
      for (int i = 0; i < 20 || isAnyInFlight(); i++) {
        settle();
        producers.stream().filter(producer -> producer.isInFlight).forEach(this::send);
        assertThat(i).as("seed %d ends", seed).isLessThan(200);
      }
      check();
      return trace;
    }

    private boolean isAnyInFlight() {
      return producers.stream().anyMatch(producer -> producer.isInFlight);
    }

    private void step() {
      switch (random.nextInt(40)) {
        case 0 -> node.disk.capacityBytes(0);
        case 1, 2, 3 -> node.disk.capacityBytes(Long.MAX_VALUE);
        case 4 -> node.disk.fail(Call.WRITE, ReplicaSimulationTest::isLog, 1);
        case 5 -> restart("kill", this::kill);
        case 6 -> restart("stop", () -> node.stop());
        case 7 ->
            node.disk.slow(Call.WRITE, ReplicaSimulationTest::isLog, () -> node.time.advanceMs(30));
        case 8 -> node.disk.heal();
        case 9 -> replica.roll();
        case 10 ->
            node.disk.slow(Call.WRITE, ReplicaSimulationTest::isLog, this::someProducerSends);
        case 11 -> node.disk.fail(Call.FORCE, ReplicaSimulationTest::isLog, 1);
        case 12 -> node.disk.fail(Call.TRUNCATE, ReplicaSimulationTest::isLog, 1);
        default -> someProducerSends();
      }
      if (random.nextInt(3) == 0) {
        settle();
      }
    }

    /** Only what is flushed survives the machine. */
    private void kill() {
      if (node.config.flushMessages() == 1 && random.nextBoolean()) {
        node.disk.crash();
      } else {
        node.disk.killProcess();
      }
    }

    private void settle() {
      node.timers().advanceMs(1 + random.nextInt(3_000));
      node.runWriter();
      producers.forEach(this::look);
      if (!replica.view().isOnline()) {
        restart("failed", () -> node.disk.killProcess());
      }
    }

    private void restart(String why, Runnable stop) {
      trace.add(why + " at " + replica.view().logEndOffset());
      stop.run();
      node.disk.heal();
      node.disk.capacityBytes(Long.MAX_VALUE);
      node.writer.clear();
      leaderEpoch++;
      replica = node.start().leadAlone(leaderEpoch);
      producers.forEach(this::look);
      producers.stream().filter(producer -> producer.isInFlight).forEach(this::send);
    }

    private void someProducerSends() {
      Producer producer = producers.get(random.nextInt(producers.size()));
      if (!producer.isInFlight) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
          values.add(producer.id + "-" + (producer.sequence + i));
        }
        producer.unacknowledged = values;
        producer.isInFlight = true;
        send(producer);
      } else if (producer.told.isDone()) {
        look(producer);
      }
    }

    private void send(Producer producer) {
      ByteBuffer batch =
          ReplicaNode.idempotent(
              producer.id, 0, producer.sequence, producer.unacknowledged.toArray(String[]::new));
      // Before appending, which may bring this producer's next turn with it.
      producer.told = new Told();
      node.append(replica, random.nextInt(4) == 0 ? Acks.LEADER : Acks.ALL, batch, producer.told);
    }

    private void look(Producer producer) {
      if (!producer.isInFlight || !producer.told.isDone()) {
        return;
      }
      switch (producer.told.outcome()) {
        case AppendOutcome.Appended appended -> {
          trace.add(producer.id + " " + producer.sequence + " at " + appended.baseOffset());
          producer.sequence += producer.unacknowledged.size();
          producer.acknowledged = producer.sequence;
          producer.isInFlight = false;
        }
        case AppendOutcome.Refused refused -> {
          trace.add(producer.id + " " + producer.sequence + " " + refused.error());
          assertThat(refused.error())
              .as("seed %d: %s after %s", seed, refused, trace)
              .isIn(
                  Errors.NOT_ENOUGH_REPLICAS,
                  Errors.KAFKA_STORAGE_ERROR,
                  Errors.NOT_LEADER_OR_FOLLOWER);
          if (replica.view().isOnline()) {
            send(producer);
          }
        }
      }
    }

    private void check() {
      List<String> all = ReplicaNode.values(replica, 0);
      assertThat(all).as("seed %d", seed).doesNotHaveDuplicates();
      for (Producer producer : producers) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < producer.acknowledged; i++) {
          expected.add(producer.id + "-" + i);
        }
        assertThat(all.stream().filter(value -> value.startsWith(producer.id + "-")).toList())
            .as("seed %d, producer %d", seed, producer.id)
            .isEqualTo(expected);
      }
    }
  }
}
