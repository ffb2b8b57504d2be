package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.Dispatcher;
import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.peer.PeerSecurity;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.QuorumTls;
import io.tidemark.tiering.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * A node in this process, on free loopback ports over folders below {@code home}, with timings for
 * tests. May be stopped and started again. Used by one thread.
 */
public final class NodeFixture implements AutoCloseable {
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private @Nullable Node node;
  private UnaryOperator<ObjectStore> aroundStore = UnaryOperator.identity();
  private @Nullable IntFunction<Quorum> modelledVoter;

  public NodeFixture(Path home) throws IOException {
    List<Integer> ports = FreePorts.of(3);
    settings.put("listeners", "PLAINTEXT://127.0.0.1:" + ports.get(0));
    settings.put("tidemark.http.listener", "127.0.0.1:" + ports.get(1));
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + ports.get(2));
    settings.put("log.dirs", home.resolve("data").toString());
    settings.put("broker.heartbeat.interval.ms", "100");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("tidemark.log.dir.min.free.bytes", "0");
  }

  public NodeFixture with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** With a folder below home as object store. */
  public NodeFixture withDirectoryStore(Path home) {
    return with("tiering.store", home.resolve("store").toUri().toString());
  }

  /** Puts a layer of the test's around the object store. */
  public NodeFixture aroundStore(UnaryOperator<ObjectStore> layer) {
    aroundStore = layer;
    return this;
  }

  /** Puts a model in the place of the real voter, made with the node's id at each start. */
  public NodeFixture withVoter(IntFunction<Quorum> voter) {
    modelledVoter = voter;
    return this;
  }

  public NodeFixture start() throws IOException {
    node = Node.start(NodeConfig.of(settings), new MachinePorts(), new LayeredBackends());
    return this;
  }

  /** The real ones, with the test's layer around the store. */
  private final class LayeredBackends implements NodeBackends {
    private final RealBackends real = new RealBackends();

    @Override
    public Quorum openQuorum(NodeConfig config, NodePorts ports, Optional<QuorumTls> tls)
        throws IOException {
      return modelledVoter == null
          ? real.openQuorum(config, ports, tls)
          : modelledVoter.apply(config.nodeId());
    }

    @Override
    public Peers openPeers(NodeConfig config, NodePorts ports, PeerSecurity security) {
      return real.openPeers(config, ports, security);
    }

    @Override
    public @Nullable ObjectStore openStore(
        NodeConfig config, NodePorts ports, MeterRegistry meters) {
      ObjectStore store = real.openStore(config, ports, meters);
      return store == null ? null : aroundStore.apply(store);
    }
  }

  /** Sends a request in a version past all sockets; the answer is the response's body. */
  public CompletableFuture<ApiMessage> send(ApiKeys key, short version, ApiMessage body) {
    CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
    MemoryRequest request =
        new MemoryRequest(key, version, WireCopy.request(key, version, body), loop);
    loop.execute(() ->
        new Dispatcher(node().core().apis())
            .handle(request, new MemoryResponder(key, version, answer)));
    return answer;
  }

  public void stop() {
    Node running = node;
    node = null;
    if (running != null) {
      running.close();
    }
  }

  public Node node() {
    Node running = node;
    if (running == null) {
      throw new IllegalStateException("the node is not running");
    }
    return running;
  }

  public String bootstrapServers() {
    return String.valueOf(settings.get("listeners")).replace("PLAINTEXT://", "");
  }

  /** What the running node serves on its clients' listeners, be it told to them or not. */
  public Set<ApiKeys> servedApis() {
    return node().core().apis().entries().keySet();
  }

  /** Where a listener of the running node is. */
  public HostPort address(String listener) {
    return node().listeners().stream()
        .filter(endpoint -> endpoint.name().equals(listener))
        .map(Endpoint::address)
        .findFirst()
        .orElseThrow();
  }

  public HostPort http() {
    return node().http();
  }

  /** Client settings with this node as bootstrap server. */
  public Map<String, Object> clientConfig(Map<String, ?> more) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrapServers());
    config.put("default.api.timeout.ms", 120_000);
    config.put("request.timeout.ms", 30_000);
    config.putAll(more);
    return config;
  }

  public Admin admin() {
    return Admin.create(clientConfig(Map.of()));
  }

  @Override
  public void close() {
    stop();
    loop.shutdown();
  }
}
