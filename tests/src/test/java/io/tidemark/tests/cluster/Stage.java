package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.log.replica.Replica;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.tests.simulation.SimulatedProcess;
import io.tidemark.tests.simulation.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * A cluster for a trace somebody wrote: one topic on named nodes, of one partition where nothing
 * else is said, clients that do one thing at a time, and in the end the same theorems as in any
 * other run.
 */
final class Stage {
  static final String TOPIC = "scene";
  static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  static final long LIMIT_MS = 60_000;
  private static final String HOST = "clients";

  private final Simulation simulation;
  private final SimulatedCluster cluster;
  private final SimulatedProcess process;
  private final ClusterHistory history = new ClusterHistory();
  private final FencedNodeChangesNothing fencing;
  private List<Theorem> always;
  private final ClusterClient client;
  private final List<Throwable> failures = new ArrayList<>();
  private int partitions = 1;
  private int clients;
  private long count;

  /** Begins with a cluster that has not started. */
  private Stage(SimulatedCluster cluster) {
    this.cluster = cluster;
    this.fencing = new FencedNodeChangesNothing(cluster);
    cluster.start();
    this.simulation = cluster.simulation();
    this.process = simulation.process("clients");
    this.always = theorems();
    this.client = client("plain");
  }

  private List<Theorem> theorems() {
    return List.of(
        fencing,
        new ReplicasIdenticalBelowHighWatermark(cluster),
        new SingleLeaderPerEpoch(cluster),
        new HighWatermarkAndLogStartMonotonic(cluster));
  }

  /** After an unclean election other records may stand where committed ones stood. */
  void forgetWhatWasCommitted() {
    always = theorems();
  }

  /** A running cluster with short times; settings as pairs. */
  static Stage of(long seed, int size, String... settings) {
    SimulatedCluster cluster =
        new SimulatedCluster(new Simulation(seed), size)
            .with("min.insync.replicas", "2")
            .with("offsets.topic.replication.factor", "3")
            .with("replica.lag.time.max.ms", "3000")
            .with("broker.session.timeout.ms", "2000");
    for (int i = 0; i < settings.length; i += 2) {
      cluster.with(settings[i], settings[i + 1]);
    }
    return new Stage(cluster);
  }

  /** Three nodes with the topic on all of them, led by the first. */
  static Stage ofThree(long seed, String... settings) {
    Stage stage = of(seed, 3, settings);
    stage.createTopic(1, 2, 3);
    return stage;
  }

  SimulatedCluster cluster() {
    return cluster;
  }

  ClusterHistory history() {
    return history;
  }

  ClusterClient client(String name) {
    return new ClusterClient(cluster, process, HOST, name + ++clients);
  }

  // ---- time

  /** Runs a client's blocking code to its end. */
  <T> T run(Supplier<T> task) {
    List<T> result = new ArrayList<>();
    process
        .virtualThreads("client")
        .newThread(() -> {
          try {
            result.add(task.get());
          } catch (RuntimeException | Error e) {
            failures.add(e);
          }
        })
        .start();
    await("a client", () -> !result.isEmpty());
    return result.getFirst();
  }

  /** Lets a client's blocking code run beside everything else. */
  void begin(Runnable task) {
    process
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

  void await(String what, BooleanSupplier condition) {
    simulation.runUntil(what, LIMIT_MS, () -> condition.getAsBoolean() || !failures.isEmpty());
    check();
  }

  void runFor(long ms) {
    for (long left = ms; left > 0; left -= 100) {
      simulation.runFor(Math.min(left, 100));
      check();
    }
  }

  private void check() {
    if (!failures.isEmpty()) {
      throw new AssertionError("a client gave up", failures.getFirst());
    }
    always.forEach(Theorem::check);
  }

  // ---- the partition

  /** Creates the topic with so many partitions, which the first of these nodes leads. */
  void createPartitions(int count, Integer... replicas) {
    partitions = count;
    createTopic(replicas);
  }

  /** Creates the topic on these nodes; the first of them leads. */
  void createTopic(Integer... replicas) {
    Errors created = run(() -> create(List.of(replicas)));
    if (created != Errors.NONE) {
      throw new AssertionError("the topic was not created: " + created);
    }
    await("its leader", () -> leader() == replicas[0] && isLeading(replicas[0]));
    await("its replicas", () -> image().isPresent() && isIsr(replicas));
  }

  private Errors create(List<Integer> replicas) {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
    CreateTopicsRequestData.CreatableTopic topic =
        new CreateTopicsRequestData.CreatableTopic()
            .setName(TOPIC)
            .setNumPartitions(-1)
            .setReplicationFactor((short) -1);
    for (int index = 0; index < partitions; index++) {
      topic
          .assignments()
          .add(
              new CreateTopicsRequestData.CreatableReplicaAssignment()
                  .setPartitionIndex(index)
                  .setBrokerIds(replicas));
    }
    request.topics().add(topic);
    CreateTopicsResponseData answer =
        (CreateTopicsResponseData) client.askAnybody(ApiKeys.CREATE_TOPICS, request);
    return Errors.forCode(answer.topics().iterator().next().errorCode());
  }

  Optional<PartitionImage> image() {
    return cluster.image().topics().byName(TOPIC).flatMap(topic -> topic.partition(0));
  }

  /** Who leads as the newest image says, −1 for nobody. */
  int leader() {
    return image().map(PartitionImage::leader).orElse(PartitionImage.NO_LEADER);
  }

  boolean isIsr(Integer... members) {
    return image()
        .filter(partition ->
            partition.isr().size() == members.length
                && partition.isr().containsAll(List.of(members)))
        .isPresent();
  }

  /** The replica on a node, while that runs and has it. */
  Optional<Replica> replica(int id) {
    return cluster
        .machine(id)
        .node()
        .flatMap(node ->
            node.replicas().all().stream()
                .filter(replica -> replica.id().topicPartition().equals(PARTITION))
                .findFirst());
  }

  boolean isLeading(int id) {
    return replica(id).filter(replica -> replica.view().isLeader()).isPresent();
  }

  /** Somebody else leads, in its own eyes too. */
  int awaitLeaderOtherThan(int old) {
    await(
        "a leader other than " + old, () -> leader() != old && leader() > 0 && isLeading(leader()));
    return leader();
  }

  /** A node that was started has got in and is in sync. */
  void awaitInSync(int id) {
    await(
        "node " + id + " in sync",
        () ->
            cluster.machine(id).node().isPresent()
                && image().filter(partition -> partition.isr().contains(id)).isPresent());
  }

  HostPort address(int id) {
    return new HostPort(cluster.machine(id).host(), SimulatedCluster.CLIENT_PORT);
  }

  // ---- clients

  IdempotentProducer producer() {
    return producer(IdempotentProducer.PADDING_BYTES);
  }

  /** A producer of records of at most so many bytes. */
  IdempotentProducer producer(int paddingBytes) {
    return new IdempotentProducer(
        client("p"),
        simulation.time(),
        simulation.random(),
        TOPIC,
        partitions,
        history,
        paddingBytes);
  }

  /** Has so many bursts of an idempotent producer acknowledged. */
  void produce(IdempotentProducer producer, int bursts) {
    run(() -> {
      for (int i = 0; i < bursts; i++) {
        producer.produce();
      }
      return true;
    });
  }

  void produce(int bursts) {
    produce(producer(), bursts);
  }

  /** One record to one node, once; what that said, or null when it said nothing. */
  Errors produceOnce(int node, int acks) {
    String name = "plain:" + count++;
    history.sending(name, PARTITION, false);
    return run(() -> Optional.ofNullable(send(node, acks, name))).orElse(null);
  }

  private Errors send(int node, int acks, String name) {
    client.forget(TOPIC);
    client.topic(TOPIC);
    PartitionProduceResponse answer =
        IdempotentProducer.answer(
            client.ask(
                address(node),
                ApiKeys.PRODUCE,
                IdempotentProducer.produceRequest(
                    client,
                    TOPIC,
                    0,
                    Values.batch(List.of(name), -1, -1, simulation.wallClockMs(), 50),
                    (short) acks)));
    if (answer == null) {
      return null;
    }
    Errors error = Errors.forCode(answer.errorCode());
    if (error == Errors.NONE && acks < 0) {
      history.done(name, answer.baseOffset());
    }
    return error;
  }

  // ---- the end

  /** Everything works again; everything that was promised is there. */
  void curtain() {
    cluster.heal();
    await("a whole cluster", cluster::isWhole);
    produce(1);
    for (int index = 0; index < partitions; index++) {
      readBack(new TopicPartition(TOPIC, index));
    }
    await("equal logs", this::isEqualEverywhere);
    for (Theorem theorem :
        List.of(
            new NoAcknowledgedRecordLost(history),
            new NoRecordTwice(history),
            new NoRefusedRecordAppears(history),
            new OrderKeptPerProducer(history),
            new WhatWasReadStays(history))) {
      theorem.check();
    }
    if (!history.anomalies().isEmpty()) {
      throw new AssertionError(String.join("\n", history.anomalies()));
    }
  }

  private void readBack(TopicPartition partition) {
    TailingConsumer reader =
        new TailingConsumer(
            client("replay"),
            partition,
            history,
            (offset, value) -> history.readBack(partition, offset, value));
    run(() -> {
      do {
        reader.poll();
      } while (reader.highWatermark() < 0 || reader.offset() < reader.highWatermark());
      return true;
    });
  }

  /** Everything is below every replica's high watermark, and so was compared. */
  private boolean isEqualEverywhere() {
    List<Integer> replicas = image().map(PartitionImage::replicas).orElse(List.of());
    long end = replica(leader()).map(replica -> replica.view().logEndOffset()).orElse(-1L);
    return end >= 0
        && replicas.stream()
            .allMatch(
                id -> replica(id).filter(each -> each.view().highWatermark() == end).isPresent());
  }
}
