package io.tidemark.tests.simulation;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.node.CoreFixture;
import io.tidemark.gateway.node.NodeBackends;
import io.tidemark.gateway.node.NodePorts;
import io.tidemark.gateway.peer.PeerSecurity;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.metadata.quorum.ModelLog;
import io.tidemark.metadata.quorum.ModelQuorum;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.QuorumTls;
import io.tidemark.tiering.store.ObjectStore;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * One machine with a disk, on which a node is started, killed and started again. What the quorum
 * has committed and what is in the store outlives the machine.
 */
public final class SimulatedMachine implements NodeBackends {
  private static final long START_LIMIT_MS = 120_000;

  private final Simulation simulation;
  private final SimulatedDisk disk;
  private final ModelLog quorum = new ModelLog(1);
  private final ObjectStore store;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private @Nullable SimulatedProcess process;
  private @Nullable CoreFixture node;
  private @Nullable ModelQuorum voter;
  private @Nullable Throwable failure;
  private int starts;

  /** What clients wait for: it fails when the node goes away, as a connection would. */
  private final Set<CompletableFuture<ApiMessage>> awaited = new LinkedHashSet<>();

  public SimulatedMachine(Simulation simulation, ObjectStore store) {
    this.simulation = simulation;
    this.disk = new SimulatedDisk(simulation.random());
    this.store = store;
    settings.put("log.dirs", "/data");
    settings.put("tiering.store", "file:///store");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("tidemark.log.dir.min.free.bytes", "0");
  }

  public SimulatedMachine with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** Begins to start a node; {@link #isServing} says when it has. */
  public void start() {
    SimulatedProcess fresh = simulation.process("node-" + ++starts);
    SimulatedPorts ports = new SimulatedPorts(simulation, fresh, disk);
    NodeConfig config = NodeConfig.of(settings);
    process = fresh;
    fresh.virtualThreads("main").newThread(() -> run(config, ports)).start();
  }

  private void run(NodeConfig config, SimulatedPorts ports) {
    try {
      node = CoreFixture.start(config, ports, this);
    } catch (Exception | Error e) {
      failure = e;
    }
  }

  /**
   * Whether the node answers requests.
   *
   * @throws AssertionError when it could not start
   */
  boolean isServing() {
    if (failure != null) {
      throw new AssertionError("the node did not start", failure);
    }
    return node != null;
  }

  public void awaitServing() {
    simulation.runUntil("a serving node", START_LIMIT_MS, this::isServing);
  }

  /** The node that serves. */
  public CoreFixture node() {
    CoreFixture serving = node;
    if (serving == null) {
      throw new IllegalStateException("no node is serving");
    }
    return serving;
  }

  /** Sends a request to the node; fails where there is none, or when it goes away. */
  CompletableFuture<ApiMessage> send(ApiKeys key, int version, ApiMessage body) {
    CoreFixture serving = node;
    if (serving == null) {
      return CompletableFuture.failedFuture(new DisconnectException("nobody listens"));
    }
    CompletableFuture<ApiMessage> answer = serving.send(key, (short) version, body);
    awaited.add(answer);
    return answer;
  }

  /** SIGKILL between two steps: all that was written stays in the page cache. */
  public void kill() {
    end();
    disk.killProcess();
  }

  /** The machine goes down: what was not forced is there, torn or gone. */
  void crash() {
    end();
    disk.crash();
  }

  private void end() {
    SimulatedProcess running = process;
    if (running != null) {
      running.kill();
    }
    ModelQuorum open = voter;
    if (open != null) {
      open.crash();
    }
    process = null;
    node = null;
    voter = null;
    failure = null;
    List<CompletableFuture<ApiMessage>> lost = List.copyOf(awaited);
    awaited.clear();
    lost.forEach(answer -> answer.completeExceptionally(new DisconnectException("the node died")));
  }

  @Override
  public Quorum openQuorum(NodeConfig config, NodePorts ports, Optional<QuorumTls> tls) {
    ModelQuorum opened = ModelQuorum.open(config.nodeId(), quorum, ports.thread("quorum"));
    voter = opened;
    return opened;
  }

  @Override
  public Peers openPeers(NodeConfig config, NodePorts ports, PeerSecurity security) {
    throw new IllegalStateException("a node that is alone has no peers");
  }

  @Override
  public ObjectStore openStore(NodeConfig config, NodePorts ports, MeterRegistry meters) {
    return store;
  }
}
