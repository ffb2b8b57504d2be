package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.record.LogRecord;
import io.tidemark.tests.simulation.Simulation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * One run of a cluster with a compacted topic from a seed: every replica cleans its own log, and
 * with an uneven seed the leader compacts the store, while leaders change, die and lose their
 * disks. Maps of keys have room for a few of them, so that every compaction takes several passes.
 * Whoever reads from the start, from whichever replica leads, sees each key's values in their order
 * and the newest of each; a deleted key never comes back. (S-120, S-131, S-133)
 */
final class CompactedLife {
  private static final int SIZE = 3;
  private static final int ROUNDS = 10;
  private static final int PRODUCERS = 2;
  private static final int PADDING_BYTES = 6_000;
  private static final long HEAL_LIMIT_MS = 120_000;
  private static final TopicPartition PARTITION = new TopicPartition(ClusterWorkload.TOPIC, 0);

  /**
   * What one run came to. A clock that was set back an hour may leave nothing to compact.
   *
   * @param hotPasses cleanings of a log that ended because the map was full, and were gone on with
   * @param coldPasses the same of the store
   */
  record End(
      long trace, long steps, long written, long read, double hotPasses, double coldPasses) {}

  private final Simulation simulation;
  private final SimulatedCluster cluster;
  private final ClusterWorkload workload;
  private final Faults faults;
  private final List<KeyedProducer> producers = new ArrayList<>();

  private CompactedLife(long seed) {
    this.simulation = new Simulation(seed);
    this.cluster =
        new SimulatedCluster(simulation, SIZE)
            .with("min.insync.replicas", "2")
            .with("replica.lag.time.max.ms", "3000")
            .with("broker.session.timeout.ms", "2000")
            .with("log.cleanup.policy", "compact")
            .with("log.roll.ms", "400")
            .with("log.segment.delete.delay.ms", "100")
            .with("log.cleaner.backoff.ms", "100")
            .with("log.cleaner.min.cleanable.ratio", "0.01")
            .with("log.cleaner.dedupe.buffer.size", "1048576")
            .with("log.cleaner.io.buffer.load.factor", "0.0001")
            .with("log.cleaner.delete.retention.ms", "2000");
    if (seed % 2 == 1) {
      cluster
          .with("tiering.store", "file:///store")
          .with("log.local.retention.ms", "3000")
          .with("log.retention.check.interval.ms", "500")
          .with("tiering.upload.max.age.ms", "500")
          .with("tiering.compaction.backoff.ms", "300")
          .with("tiering.compaction.dedupe.buffer.size", "240")
          .with("tiering.delete.delay.ms", "500");
    }
    cluster.start();
    this.workload = new ClusterWorkload(cluster, 1, SIZE);
    this.faults = new Faults(cluster, false);
  }

  /** Runs one life; the seed is in every failure. */
  static End of(long seed) {
    try {
      return new CompactedLife(seed).live();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private End live() {
    workload.createTopic();
    for (int i = 0; i < PRODUCERS; i++) {
      KeyedProducer producer =
          new KeyedProducer(
              workload.client("k" + i),
              simulation.time(),
              simulation.random(),
              PARTITION,
              PADDING_BYTES);
      producers.add(producer);
      workload.again(20, producer::produce);
    }
    CommittedReader tail = new CommittedReader(workload.client("tail"), PARTITION, new States());
    workload.again(100, tail::poll);
    awaitMore();
    for (int round = 0; round < ROUNDS; round++) {
      faults.happen();
      simulation.runFor(simulation.random().nextInt(3_000));
      workload.check();
    }
    cluster.heal();
    awaitMore();
    workload.finish(HEAL_LIMIT_MS);
    simulation.runUntil("a whole cluster", HEAL_LIMIT_MS, cluster::isSettled);
    simulation.runFor(5_000);
    Map<String, Long> newest = new TreeMap<>();
    producers.forEach(producer -> newest.putAll(producer.newest()));
    long read = 0;
    for (int times = 0; times < SIZE; times++) {
      States replayed = replay("replay-" + times);
      assertThat(replayed.newest).isEqualTo(newest);
      read = replayed.count;
      leadElsewhere();
    }
    long written = producers.stream().mapToLong(KeyedProducer::count).sum();
    return new End(
        simulation.trace(),
        simulation.steps(),
        written,
        read,
        counted("tidemark.log.cleaner.map.full"),
        counted("tidemark.tiering.compaction.map.full"));
  }

  /** Another replica, which has cleaned its log by itself, takes over. */
  private void leadElsewhere() {
    int leader = leader();
    cluster.machine(leader).kill();
    simulation.runUntil("another leader", HEAL_LIMIT_MS, () -> leader() >= 0 && leader() != leader);
    cluster.start(leader);
    simulation.runUntil("a whole cluster", HEAL_LIMIT_MS, cluster::isSettled);
  }

  private int leader() {
    return cluster
        .image()
        .topics()
        .byName(PARTITION.topic())
        .flatMap(topic -> topic.partition(PARTITION.partition()))
        .orElseThrow()
        .leader();
  }

  private double counted(String counter) {
    return cluster.machines().stream().mapToDouble(machine -> machine.counted(counter)).sum();
  }

  private void awaitMore() {
    long before = producers.stream().mapToLong(KeyedProducer::count).sum();
    workload.await(
        "more values",
        HEAL_LIMIT_MS,
        () -> producers.stream().mapToLong(KeyedProducer::count).sum() > before + 20);
  }

  private States replay(String name) {
    States states = new States();
    CommittedReader reader = new CommittedReader(workload.client(name), PARTITION, states);
    workload.once(() -> {
      do {
        reader.poll();
      } while (!reader.isAtEnd());
    });
    workload.awaitAll("a replay to the end", HEAL_LIMIT_MS);
    return states;
  }

  /** What one reader has seen of the keys. */
  private static final class States implements CommittedReader.Sink {
    private final Map<String, Long> newest = new TreeMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private long lastOffset = -1;
    private long count;

    @Override
    public void read(LogRecord record) {
      assertThat(record.offset()).isGreaterThan(lastOffset);
      lastOffset = record.offset();
      count++;
      String key = text(Objects.requireNonNull(record.key()));
      if (record.value() == null) {
        newest.remove(key);
        return;
      }
      long number = Long.parseLong(Values.name(record.value()));
      assertThat(numbers.getOrDefault(key, -1L)).as(key).isLessThan(number);
      numbers.put(key, number);
      newest.put(key, number);
    }

    @Override
    public void reached(long position) {
      assertThat(position).isGreaterThan(lastOffset);
    }

    private static String text(ByteBuffer bytes) {
      return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
  }
}
