package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.tests.simulation.SimulatedProcess;
import io.tidemark.tests.simulation.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * The clients of a simulated cluster, each in a virtual thread of its own: producers, consumers,
 * members of a group, an administrator. They go on through every fault until {@link #finish}.
 */
final class ClusterWorkload {
  static final String HOST = "clients";
  static final String TOPIC = "data";
  static final String GROUP = "readers";
  private static final int IDEMPOTENT = 3;
  private static final int PLAIN = 1;
  private static final int MEMBERS = 2;

  private final SimulatedCluster cluster;
  private final Simulation simulation;
  private final SimulatedProcess process;
  private final int partitions;
  private final int replicas;
  private final ClusterHistory history = new ClusterHistory();
  private final List<Throwable> failures = new ArrayList<>();
  private final AdminClient admin;
  private boolean isStopping;
  private int running;

  ClusterWorkload(SimulatedCluster cluster, int partitions, int replicas) {
    this.cluster = cluster;
    this.simulation = cluster.simulation();
    this.process = simulation.process("clients");
    this.partitions = partitions;
    this.replicas = replicas;
    this.admin = new AdminClient(client("admin"), simulation.random());
  }

  ClusterClient client(String name) {
    return new ClusterClient(cluster, process, HOST, name);
  }

  /** A client of a release before transactions version 2. */
  ClusterClient olderClient(String name) {
    return new ClusterClient(
        cluster, process, new OlderTransport(cluster.network().transport(HOST)), name);
  }

  ClusterHistory history() {
    return history;
  }

  AdminClient admin() {
    return admin;
  }

  List<TopicPartition> partitions() {
    List<TopicPartition> all = new ArrayList<>();
    for (int index = 0; index < partitions; index++) {
      all.add(new TopicPartition(TOPIC, index));
    }
    return all;
  }

  /** Creates the topic; then all others begin. */
  void start() {
    createTopic();
    for (int i = 0; i < IDEMPOTENT; i++) {
      IdempotentProducer producer =
          new IdempotentProducer(
              client("p" + i),
              simulation.time(),
              simulation.random(),
              TOPIC,
              partitions,
              history,
              IdempotentProducer.PADDING_BYTES);
      again(60, producer::produce);
    }
    for (int i = 0; i < PLAIN; i++) {
      PlainProducer producer =
          new PlainProducer(
              client("plain" + i),
              simulation.time(),
              simulation.random(),
              TOPIC,
              partitions,
              history);
      again(200, producer::produce);
    }
    for (TopicPartition partition : partitions()) {
      TailingConsumer consumer =
          new TailingConsumer(
              client("tail-" + partition.partition()), partition, history, (offset, value) -> {});
      again(100, consumer::poll);
    }
    for (int i = 0; i < MEMBERS; i++) {
      GroupMember member = new GroupMember(client("m" + i), GROUP, TOPIC, partitions, history);
      again(300, member::work);
    }
    again(1_000, admin::work);
  }

  void createTopic() {
    boolean[] isDone = {false};
    once(() -> {
      admin.createUntilThere(TOPIC, partitions, replicas);
      isDone[0] = true;
    });
    await("the topic " + TOPIC, 60_000, () -> isDone[0]);
  }

  /** Runs a client's task in a thread of its own, again and again until {@link #finish}. */
  void again(int mostMs, Runnable task) {
    once(() -> {
      while (!isStopping) {
        task.run();
        simulation.time().sleep(1 + simulation.random().nextInt(mostMs));
      }
    });
  }

  /** Runs a client's task in a thread of its own. */
  void once(Runnable task) {
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

  /** No client has met what no fault explains. */
  void check() {
    if (!failures.isEmpty()) {
      throw new AssertionError("a client gave up: " + failures.getFirst(), failures.getFirst());
    }
    assertThat(history.anomalies()).isEmpty();
  }

  void await(String what, long limitMs, BooleanSupplier condition) {
    simulation.runUntil(what, limitMs, () -> condition.getAsBoolean() || !failures.isEmpty());
    check();
  }

  /** All clients end; whoever has something unacknowledged gets it acknowledged first. */
  void finish(long limitMs) {
    isStopping = true;
    awaitAll("the clients' end", limitMs);
  }

  /** Waits until no task runs any more. */
  void awaitAll(String what, long limitMs) {
    await(what, limitMs, () -> running == 0);
  }

  /** Reads every partition from its start to its end into the history. */
  void readBack(long limitMs) {
    for (TopicPartition partition : partitions()) {
      TailingConsumer reader =
          new TailingConsumer(
              client("replay-" + partition.partition()),
              partition,
              history,
              (offset, value) -> history.readBack(partition, offset, value));
      once(() -> {
        do {
          reader.poll();
        } while (reader.highWatermark() < 0 || reader.offset() < reader.highWatermark());
      });
    }
    awaitAll("a replay to the end", limitMs);
  }

  /** What the group has committed is at least what its members were told. */
  void checkGroup(long limitMs) {
    GroupMember anybody = new GroupMember(client("checker"), GROUP, TOPIC, partitions, history);
    once(() -> {
      for (TopicPartition partition : partitions()) {
        Long found = anybody.committed(partition.partition());
        while (found == null) {
          client("checker").pause();
          found = anybody.committed(partition.partition());
        }
        if (found < history.committedOffset(GROUP, partition)) {
          history.anomaly(
              "%s was committed at %d and is at %d in the end"
                  .formatted(partition, history.committedOffset(GROUP, partition), found));
        }
      }
    });
    awaitAll("the committed offsets", limitMs);
  }
}
