package io.tidemark.gateway.http;

import io.tidemark.gateway.net.EventLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;

/** The node's HTTP/1.1 port: a small server for probes, metrics and the tools. */
public final class HttpServer implements AutoCloseable {

  /**
   * @param routes served beside {@code /livez}, {@code /readyz} and {@code /metrics}, which are
   *     routes too
   * @param workers run the routes, one task a request: virtual threads will do
   */
  public HttpServer(
      InetSocketAddress address, List<Route> routes, EventLoops loops, Executor workers) {}

  public void start() throws IOException {
    throw new UnsupportedOperationException();
  }

  public InetSocketAddress boundAddress() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
