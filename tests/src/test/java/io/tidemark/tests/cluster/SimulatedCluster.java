package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.event.ImageFold;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.quorum.ModelRaft;
import io.tidemark.tests.simulation.Simulation;
import io.tidemark.tests.simulation.Trace;
import io.tidemark.tiering.store.FaultyObjectStore;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A whole cluster in one thread: machines with whole nodes, each a voter, the network between them,
 * the quorum's model, and one object store for all.
 */
public final class SimulatedCluster {
  static final long QUORUM_DELAY_MS = 4;
  static final long ELECTION_MS = 400;
  static final int CLIENT_PORT = 9092;
  private static final int NODE_PORT = 9093;
  private static final int CONTROLLER_PORT = 9097;
  private static final int VOTER_PORT = 9098;
  private static final long START_LIMIT_MS = 120_000;

  private final Simulation simulation;
  private final SimulatedNetwork network;
  private final ModelRaft raft;
  private final SimulatedObjectStore objects = new SimulatedObjectStore();
  private final FaultyObjectStore store;
  private final List<ClusterMachine> machines = new ArrayList<>();
  private final ScheduledExecutorService supervisor;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private double lostAnswers;

  /** Everything the quorum has committed, whoever knows of it. */
  private ClusterImage committed = ClusterImage.EMPTY;

  private BiConsumer<String, List<String>> deletions = (host, keys) -> {};

  /** So many machines, numbered from 1, none of which runs yet. */
  public SimulatedCluster(Simulation simulation, int size) {
    this.simulation = simulation;
    this.network = new SimulatedNetwork(simulation);
    this.supervisor = simulation.process("supervisor").thread("restarts");
    this.store = new FaultyObjectStore(objects, simulation.random(), simulation.time());
    this.raft =
        new ModelRaft(
            IntStream.rangeClosed(1, size).boxed().collect(Collectors.toSet()),
            simulation.random(),
            simulation.time(),
            this::voterReaches,
            ELECTION_MS);
    raft.observe(this::noteCommitted);
    settings.put("log.dirs", "/data");
    settings.put("tidemark.log.dir.min.free.bytes", "0");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,NODES:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "NODES");
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("controller.quorum.voters", everybody(size, id -> id + "@", VOTER_PORT));
    settings.put("controller.quorum.bootstrap.servers", everybody(size, id -> "", CONTROLLER_PORT));
  }

  private void noteCommitted(long index, EventCodec.Batch batch) {
    simulation.note("commit", index, Trace.of(ByteBuffer.wrap(EventCodec.encode(batch))));
    ImageFold fold = new ImageFold(committed);
    fold.applyAll(batch.events(), index);
    committed = fold.image(index);
  }

  private static String everybody(int size, IntFunction<String> prefix, int port) {
    return IntStream.rangeClosed(1, size)
        .mapToObj(id -> prefix.apply(id) + "node-" + id + ":" + port)
        .collect(Collectors.joining(","));
  }

  /** A setting of all nodes; before the first one starts. */
  public SimulatedCluster with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** The quorum does not say what became of this share of entries. */
  public SimulatedCluster losingAnswers(double share) {
    lostAnswers = share;
    return this;
  }

  /** Starts all nodes and waits until they serve. */
  public SimulatedCluster start() {
    int size = settings.get("controller.quorum.voters").split(",", -1).length;
    for (int id = 1; id <= size; id++) {
      Map<String, String> own = new LinkedHashMap<>(settings);
      own.put("node.id", Integer.toString(id));
      own.put(
          "listeners",
          "PLAINTEXT://node-%d:%d,NODES://node-%d:%d,CONTROLLER://node-%d:%d"
              .formatted(id, CLIENT_PORT, id, NODE_PORT, id, CONTROLLER_PORT));
      machines.add(new ClusterMachine(this, id, own));
    }
    machines.forEach(ClusterMachine::start);
    machines.forEach(machine -> awaitServing(machine.id()));
    return this;
  }

  public void awaitServing(int id) {
    try {
      simulation.runUntil("node " + id + " serving", START_LIMIT_MS, () -> isServing(id));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage(), machine(id).failure());
    }
  }

  private boolean isServing(int id) {
    return machine(id).node().isPresent();
  }

  private boolean voterReaches(int from, int to) {
    return network.reaches(machine(from).host(), machine(to).host())
        && !machine(from).isPaused()
        && !machine(to).isPaused();
  }

  Simulation simulation() {
    return simulation;
  }

  /** Starts nodes again that gave up. */
  ScheduledExecutorService supervisor() {
    return supervisor;
  }

  SimulatedNetwork network() {
    return network;
  }

  ModelRaft raft() {
    return raft;
  }

  FaultyObjectStore store() {
    return store;
  }

  SimulatedObjectStore objects() {
    return objects;
  }

  /** Shows from now on which host asks for which objects to be deleted, before they are. */
  void watchDeletions(BiConsumer<String, List<String>> shown) {
    deletions = shown;
  }

  /** The store as one machine uses it. */
  ObjectStore storeOf(String host) {
    return new NotedObjectStore(store, simulation, host, keys -> deletions.accept(host, keys));
  }

  double lostAnswers() {
    return lostAnswers;
  }

  List<ClusterMachine> machines() {
    return machines;
  }

  ClusterMachine machine(int id) {
    return machines.get(id - 1);
  }

  /** Where clients find the nodes. */
  List<HostPort> bootstrap() {
    return machines.stream().map(machine -> new HostPort(machine.host(), CLIENT_PORT)).toList();
  }

  /** Where other nodes find this one's controller. */
  HostPort controllerAddress(int id) {
    return new HostPort(machine(id).host(), CONTROLLER_PORT);
  }

  /** The newest image that any running node knows. */
  ClusterImage image() {
    return machines.stream()
        .flatMap(machine -> machine.node().stream())
        .map(node -> node.image())
        .reduce(ClusterImage.EMPTY, (one, other) -> one.version() >= other.version() ? one : other);
  }

  /** What the quorum has committed, which may be more than any node knows. */
  ClusterImage committed() {
    return committed;
  }

  /** Every machine's node serves, and every partition has all its replicas in sync. */
  boolean isWhole() {
    return machines.stream().allMatch(machine -> machine.node().isPresent())
        && image().topics().all().stream()
            .flatMap(topic -> topic.partitions().stream())
            .allMatch(SimulatedCluster::isWhole);
  }

  private static boolean isWhole(PartitionImage partition) {
    return partition.hasLeader() && partition.isr().size() == partition.replicas().size();
  }

  /**
   * Whole, and everything in the logs is committed: whoever reads to the high watermark reads all.
   * A new leader's rises only once the others have asked it.
   */
  boolean isSettled() {
    return isWhole()
        && machines.stream()
            .flatMap(machine -> machine.node().stream())
            .flatMap(node -> node.replicas().all().stream())
            .map(Replica::view)
            .filter(ReplicaView::isLeader)
            .allMatch(view -> view.highWatermark() == view.logEndOffset());
  }

  // ---- faults

  void start(int id) {
    network.hostUp(machine(id).host());
    machine(id).start();
  }

  /** A node cannot reach any other, nor they it; clients can, unless they are named. */
  void isolate(int id) {
    for (ClusterMachine other : machines) {
      if (other.id() != id) {
        network.cut(machine(id).host(), other.host());
      }
    }
  }

  /** Everything works again, and every machine runs. */
  void heal() {
    network.heal();
    store.heal();
    for (ClusterMachine machine : machines) {
      machine.disk().heal();
      machine.disk().freed();
      machine.resume();
      machine.diskGoesOn();
      if (!machine.isRunning()) {
        start(machine.id());
      }
    }
  }
}
