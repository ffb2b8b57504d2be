package io.tidemark.gateway.node;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.api.Dispatcher;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.net.RequestHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Everything of a node but its sockets, above ports of the test's choice. Requests go in and
 * answers come out as bytes, as they would over a connection.
 */
public final class CoreFixture implements AutoCloseable {
  private final NodeCore core;
  private final RequestHandler handler;
  private final ScheduledExecutorService loop;

  private CoreFixture(NodeCore core, ScheduledExecutorService loop) {
    this.core = core;
    this.handler = new Dispatcher(core.apis());
    this.loop = loop;
  }

  /** Starts a node and waits until it serves: on a thread that may wait. */
  public static CoreFixture start(NodeConfig config, NodePorts ports, NodeBackends backends)
      throws IOException {
    NodeCore core =
        new NodeCore(
            config,
            ports,
            backends,
            config.advertisedListeners(),
            new SimpleMeterRegistry(),
            new StopDeadline(ports.time(), 8_000));
    return new CoreFixture(core, ports.thread("loop"));
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

  @Override
  public void close() {
    core.close();
  }
}
