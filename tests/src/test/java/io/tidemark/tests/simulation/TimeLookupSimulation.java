package io.tidemark.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.History;
import io.tidemark.tiering.store.FaultyObjectStore;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * Offsets are asked for by time while segments are in both tiers, move to the store, and leave the
 * disk: the answer is the first record at or after the time, wherever that is by then.
 */
class TimeLookupSimulation {
  private static final String TOPIC = "timed";
  private static final long LIMIT_MS = 600_000;
  private static final int LOOKUPS = 400;

  @Test
  @Scenario("S-122")
  void theEarliestMatchIsFoundWhereverItIs() {
    // With 24 a segment leaves the disk between the search of the store and that of the disk.
    for (long seed : new long[] {1, 2, 24}) {
      run(seed);
    }
  }

  private static void run(long seed) {
    Simulation simulation = new Simulation(seed);
    FaultyObjectStore store =
        new FaultyObjectStore(new SimulatedObjectStore(), simulation.random(), simulation.time())
            .with(Fault.SLOW, 0.4);
    SimulatedMachine machine =
        new SimulatedMachine(simulation, store)
            .with("log.segment.bytes", "1048576")
            .with("log.local.retention.ms", "100")
            .with("log.retention.check.interval.ms", "100")
            .with("log.segment.delete.delay.ms", "100")
            .with("tiering.upload.max.age.ms", "500");
    machine.start();
    machine.awaitServing();
    SimulatedProcess clients = simulation.process("clients");
    History history = new History();
    SimulatedClient producer = new SimulatedClient(simulation, machine, TOPIC, 1, 0, history);
    List<String> wrong = new ArrayList<>();
    int[] lookups = {0};
    // When each batch was stamped, and the offset it begins at: filled once it is acknowledged.
    TreeMap<Long, Long> stamped = new TreeMap<>();
    clients
        .virtualThreads("client")
        .newThread(() -> {
          producer.createTopic();
          while (lookups[0] < LOOKUPS) {
            long atMs = simulation.wallClockMs();
            long before = history.acknowledgedCount();
            producer.produceBatch();
            stamped.put(atMs, before);
            simulation.time().sleep(1 + simulation.random().nextInt(40));
          }
        })
        .start();
    clients
        .virtualThreads("client")
        .newThread(() -> {
          while (lookups[0] < LOOKUPS) {
            simulation.time().sleep(1 + simulation.random().nextInt(20));
            if (stamped.size() < 2) {
              continue;
            }
            long first = stamped.firstKey();
            // Most of them about where the tiers meet.
            long spanMs = stamped.lastKey() - first;
            long backMs = simulation.random().nextInt(4) == 0 ? spanMs : Math.min(spanMs, 1_500);
            long wantedMs = stamped.lastKey() - simulation.random().nextLong(Math.max(1, backMs));
            Map.Entry<Long, Long> expected = stamped.ceilingEntry(wantedMs);
            long found = lookUp(machine, wantedMs);
            if (found >= 0 && found != expected.getValue()) {
              wrong.add(
                  "at %d: %d, not %d".formatted(wantedMs - first, found, expected.getValue()));
            }
            lookups[0]++;
          }
        })
        .start();
    simulation.runUntil("lookups", LIMIT_MS, () -> lookups[0] >= LOOKUPS);
    assertThat(wrong).as("seed " + seed).isEmpty();
  }

  /** The offset; -2 when the answer is an error that clients retry. */
  private static long lookUp(SimulatedMachine machine, long timestampMs) {
    ListOffsetsTopic topic =
        new ListOffsetsTopic()
            .setName(TOPIC)
            .setPartitions(
                List.of(new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(timestampMs)));
    ListOffsetsRequestData request =
        new ListOffsetsRequestData().setReplicaId(-1).setTopics(List.of(topic));
    ListOffsetsResponseData answer =
        (ListOffsetsResponseData) machine.send(ApiKeys.LIST_OFFSETS, 7, request).join();
    ListOffsetsPartitionResponse partition = answer.topics().getFirst().partitions().getFirst();
    return partition.errorCode() == Errors.NONE.code() ? partition.offset() : -2;
  }
}
