package io.tidemark.gateway.node;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.api.Dispatcher;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.net.MemoryServer;
import io.tidemark.gateway.net.RequestHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.utils.Time;

/**
 * Everything of a node but its sockets, above ports of the test's choice. Requests go in and
 * answers come out as bytes, as they would over a connection.
 */
public final class CoreFixture implements AutoCloseable {
  private final NodeCore core;
  private final HotTierWiring hotTier;
  private final Time time;
  private final RequestHandler handler;
  private final ScheduledExecutorService loop;

  private CoreFixture(
      NodeCore core, HotTierWiring hotTier, Time time, ScheduledExecutorService loop) {
    this.core = core;
    this.hotTier = hotTier;
    this.time = time;
    this.handler = new Dispatcher(core.apis());
    this.loop = loop;
  }

  /** Starts a node and waits until it serves: on a thread that may wait. */
  public static CoreFixture start(NodeConfig config, NodePorts ports, NodeBackends backends)
      throws IOException {
    HotTierWiring hotTier = new HotTierWiring(config, ports);
    try {
      NodeCore core =
          new NodeCore(
              config,
              ports,
              backends,
              hotTier,
              config.advertisedListeners(),
              nodes -> {},
              SecurityWiring.open(config, ports, new SimpleMeterRegistry()),
              NodeSettings.quotas(config, ports.time(), new SimpleMeterRegistry()),
              new SimpleMeterRegistry(),
              new StopDeadline(ports.time(), 8_000));
      return new CoreFixture(core, hotTier, ports.time(), ports.thread("loop"));
    } catch (IOException | RuntimeException e) {
      hotTier.close();
      throw e;
    }
  }

  /** Sends a request in a version; the answer is the response's body. */
  public CompletableFuture<ApiMessage> send(ApiKeys key, short version, ApiMessage body) {
    CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
    ByteBuffer frame = WireCopy.request(key, version, body);
    loop.execute(() -> {
      MemoryRequest request = new MemoryRequest(key, version, frame, loop);
      handler.handle(request, new MemoryResponder(key, version, answer));
    });
    return answer;
  }

  /** Whether connections to this node take such requests. */
  public boolean serves(ApiKeys key, short version) {
    return core.apis().served().serves(key, version);
  }

  /** Kafka connections to this node, in memory and by its clock. */
  public MemoryServer listen(int requestMaxBytes) {
    return new MemoryServer(
        "PLAINTEXT",
        core.apis().served(),
        handler,
        requestMaxBytes,
        time,
        new SimpleMeterRegistry());
  }

  /** The same at a listener that other nodes do not use. */
  public MemoryServer listenToClients(int requestMaxBytes) {
    return new MemoryServer(
        "CLIENTS", core.apis().served(), handler, requestMaxBytes, time, new SimpleMeterRegistry());
  }

  @Override
  public void close() {
    core.close();
    hotTier.close();
  }
}
