package io.tidemark.tests.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.node.ListeningCore;
import io.tidemark.gateway.node.MemoryConnection;
import io.tidemark.gateway.node.MemoryListeners;
import io.tidemark.gateway.node.NodeBackends;
import io.tidemark.gateway.node.NodePorts;
import io.tidemark.gateway.peer.ConnectedPeers;
import io.tidemark.gateway.peer.PeerSecurity;
import io.tidemark.gateway.peer.PeerTransport;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.metadata.quorum.ModelVoter;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.QuorumTls;
import io.tidemark.tests.simulation.SimulatedPorts;
import io.tidemark.tests.simulation.SimulatedProcess;
import io.tidemark.tiering.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One machine of a {@link SimulatedCluster}: a disk, a clock and an address of its own, on which a
 * node is started and dies. What is in the other machines, the quorum's log and the store outlives
 * it.
 */
final class ClusterMachine implements NodeBackends {
  private static final Path DATA = Path.of("/data");
  private static final long RESTART_MS = 1_000;

  private final SimulatedCluster cluster;
  private final int id;
  private final SimulatedClock clock;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<MeterRegistry> meters = new ArrayList<>();
  private SimulatedDisk disk;
  private @Nullable SimulatedProcess process;
  private @Nullable ListeningCore node;
  private @Nullable ModelVoter voter;
  private @Nullable Throwable failure;
  private boolean isPaused;
  private int starts;

  ClusterMachine(SimulatedCluster cluster, int id, Map<String, String> settings) {
    this.cluster = cluster;
    this.id = id;
    this.settings.putAll(settings);
    this.clock = new SimulatedClock(cluster.simulation().time(), 0);
    this.disk = emptyDisk();
  }

  private SimulatedDisk emptyDisk() {
    return noted(new SimulatedDisk(cluster.simulation().random()));
  }

  /** What is done to a disk is part of the run's trace. */
  private SimulatedDisk noted(SimulatedDisk made) {
    made.observe((call, path, detail) ->
        cluster.simulation().note(call.name(), host() + ":" + path, detail));
    return made;
  }

  int id() {
    return id;
  }

  String host() {
    return "node-" + id;
  }

  SimulatedDisk disk() {
    return disk;
  }

  SimulatedClock clock() {
    return clock;
  }

  boolean isRunning() {
    return process != null;
  }

  boolean isPaused() {
    return isPaused;
  }

  /** Why the last start failed, or the node could not go on. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** The node, once it serves and as long as it runs. */
  Optional<ListeningCore> node() {
    return Optional.ofNullable(node);
  }

  /** What its nodes have counted, in all their lives. */
  double counted(String counter) {
    return meters.stream()
        .flatMap(registry -> registry.find(counter).counters().stream())
        .mapToDouble(Counter::count)
        .sum();
  }

  // ---- its lives

  /** Begins to start a node; it serves when {@link #node} is there. */
  void start() {
    if (isRunning()) {
      throw new IllegalStateException(host() + " runs already");
    }
    SimulatedProcess fresh = cluster.simulation().process(host() + "." + ++starts);
    SimulatedPorts ports = new SimulatedPorts(cluster.simulation(), fresh, disk, clock);
    NodeConfig config = NodeConfig.of(settings);
    MemoryListeners listeners = new MemoryListeners(config, ports);
    for (Endpoint endpoint : listeners.endpoints()) {
      cluster
          .network()
          .listen(
              new HostPort(endpoint.host(), endpoint.port()),
              host(),
              (from, back) -> accept(listeners, endpoint.name(), from, back));
    }
    failure = null;
    process = fresh;
    fresh.virtualThreads("main").newThread(() -> run(config, ports, listeners)).start();
  }

  private void run(NodeConfig config, NodePorts ports, MemoryListeners listeners) {
    try {
      ListeningCore started = ListeningCore.start(config, ports, this, listeners);
      node = started;
      var _ = started.stopped().exceptionally(this::failed);
    } catch (Exception | Error e) {
      failed(e);
    }
  }

  /** The process ends, and whoever looks after it starts it again. */
  private Void failed(Throwable reason) {
    failure = reason;
    SimulatedProcess which = process;
    var _ =
        cluster
            .supervisor()
            .schedule(
                () -> {
                  if (process == which) {
                    kill();
                    start();
                  }
                },
                RESTART_MS,
                TimeUnit.MILLISECONDS);
    return null;
  }

  private static PeerTransport.@Nullable Listener accept(
      MemoryListeners listeners, String listener, String from, PeerTransport.Wire back) {
    return listeners.accept(listener, new Incoming(from, back)).map(ServerEnd::new).orElse(null);
  }

  /** Who is connected, as the node's end sees it. */
  private record Incoming(String name, PeerTransport.Wire back) implements MemoryConnection.Client {
    @Override
    public void answered(ByteBuffer frame) {
      back.send(frame);
    }

    @Override
    public void closed(String why) {
      back.close();
    }
  }

  /** The node's end, as the network sees it. */
  private record ServerEnd(MemoryConnection connection) implements PeerTransport.Listener {
    @Override
    public void opened(PeerTransport.Wire wire) {}

    @Override
    public void received(ByteBuffer frame) {
      connection.received(frame);
    }

    @Override
    public void closed(String why) {
      connection.lost();
    }
  }

  /** SIGKILL between two steps: all that was written stays in the page cache. */
  void kill() {
    end();
    disk.killProcess();
    cluster.network().processEnded(host());
  }

  /** The machine goes down and comes back: what was not forced is there, torn or gone. */
  void crash() {
    end();
    disk.crash();
    cluster.network().hostDown(host());
  }

  /** The same, and the disk is replaced by an empty one. */
  void wipe() {
    crash();
    disk = emptyDisk();
    cluster.raft().wipe(id);
  }

  /** The same, and the disk is as it was when this copy was made. */
  void comeBackWith(SimulatedDisk copy) {
    crash();
    disk = noted(copy);
  }

  /** Somebody deletes the files whose names end so, or writes nonsense into them. */
  void spoil(String nameEnd, boolean isDamaged) {
    try {
      for (Path folder : disk.list(DATA)) {
        for (Path file : disk.isDirectory(folder) ? disk.list(folder) : List.of(folder)) {
          if (file.getFileName().toString().endsWith(nameEnd)) {
            if (isDamaged) {
              disk.writeAtomically(file, ByteBuffer.wrap("nonsense".getBytes(UTF_8)));
            } else {
              disk.delete(file);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end() {
    SimulatedProcess running = process;
    if (running != null) {
      running.kill();
    }
    ModelVoter open = voter;
    if (open != null) {
      open.crash();
    }
    process = null;
    node = null;
    voter = null;
    isPaused = false;
  }

  /** SIGSTOP, or a long collection of garbage: the machine answers for it, but nothing runs. */
  void pause() {
    if (process != null) {
      isPaused = true;
      process.pause(true);
    }
  }

  void resume() {
    isPaused = false;
    if (process != null) {
      process.pause(false);
    }
  }

  /** No call of the disk comes back: whoever works with it waits, and all others go on. */
  void hangDisk() {
    if (process != null) {
      process.pause(ClusterMachine::isOfDisk, true);
    }
  }

  void diskGoesOn() {
    if (process != null && !isPaused) {
      process.pause(ClusterMachine::isOfDisk, false);
    }
  }

  private static boolean isOfDisk(String lane) {
    return lane.startsWith("writer-") || lane.startsWith("disk-");
  }

  // ---- what its node stands on

  @Override
  public Quorum openQuorum(NodeConfig config, NodePorts ports, Optional<QuorumTls> tls) {
    ModelVoter opened =
        ModelVoter.open(
            id,
            cluster.raft(),
            ports.thread("quorum"),
            ports.random(),
            SimulatedCluster.QUORUM_DELAY_MS,
            SimulatedCluster.ELECTION_MS);
    opened.loseAnswers(cluster.lostAnswers());
    voter = opened;
    return opened;
  }

  @Override
  public Peers openPeers(NodeConfig config, NodePorts ports, PeerSecurity security) {
    return new ConnectedPeers(
        host(), cluster.network().transport(host()), ports.thread("peers"), ports.random());
  }

  @Override
  public @Nullable ObjectStore openStore(
      NodeConfig config, NodePorts ports, MeterRegistry registry) {
    meters.add(registry);
    return config.tieringStore().isEmpty() ? null : cluster.storeOf(host());
  }
}
