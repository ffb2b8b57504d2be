package io.tidemark.gateway.node;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.Dispatcher;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NetworkKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.http.HttpServer;
import io.tidemark.gateway.http.NodeRoutes;
import io.tidemark.gateway.http.Readiness;
import io.tidemark.gateway.http.Routes;
import io.tidemark.gateway.metrics.NodeMeters;
import io.tidemark.gateway.net.EventLoops;
import io.tidemark.gateway.net.KafkaServer;
import io.tidemark.gateway.net.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The node's sockets. HTTP opens first, so that probes learn what is missing while the node starts;
 * Kafka's listeners open last, when everything behind them serves. Opened and closed by the node's
 * one thread.
 */
final class NodeServers implements AutoCloseable {
  private static final long LOOPS_MS = 2_000;

  private final NodeConfig config;
  private final NodePorts ports;
  private final NodeMeters meters;
  private final StopDeadline deadline;
  private final EventLoops loops;
  private final Readiness readiness = new Readiness();
  private final Routes routes = new Routes();
  private final HttpServer http;

  /** Read by the probes' threads. */
  private volatile @Nullable NodeCore core;

  private volatile @Nullable KafkaServer kafka;
  private volatile boolean isListening;

  NodeServers(NodeConfig config, NodePorts ports, NodeMeters meters, StopDeadline deadline) {
    this.deadline = deadline;
    this.config = config;
    this.ports = ports;
    this.meters = meters;
    this.loops =
        EventLoops.open(
            config.getInt(NetworkKeys.NUM_NETWORK_THREADS), new DefaultThreadFactory("loop", true));
    this.http =
        new HttpServer(
            addressOf(config.httpListener()),
            routes,
            loops,
            eachOnItsOwn(ports.virtualThreads("http")));
    readiness.require("registered", this::isRegistered);
    readiness.require("recovered", () -> core != null);
    readiness.require("listening", () -> isListening);
    routes
        .add(NodeRoutes.livez())
        .add(NodeRoutes.readyz(readiness))
        .add(NodeRoutes.metrics(meters::scrape));
  }

  private boolean isRegistered() {
    NodeCore started = core;
    return started != null && started.registration().isUnfenced();
  }

  void openHttp() throws IOException {
    http.start();
  }

  /** Where HTTP is served, with the port that port 0 became. */
  HostPort httpAddress() {
    return new HostPort(config.httpListener().host(), http.boundAddress().getPort());
  }

  void openKafka(NodeCore started) throws IOException {
    core = started;
    new TierRoutes(started.cluster(), started.tiering()).addTo(routes);
    KafkaServer server =
        new KafkaServer(
            listeners(started.apis()),
            config.connectionSettings(),
            new Dispatcher(started.apis()),
            loops,
            ports.time(),
            meters.registry());
    server.start();
    started.whenSettingsChange(changed -> server.reconfigure(changed.connectionSettings()));
    kafka = server;
    isListening = true;
  }

  private List<Listener> listeners(ApiTable apis) {
    return config.listeners().stream()
        .map(endpoint ->
            new Listener(
                endpoint.name(),
                endpoint.host(),
                endpoint.port(),
                apis.served(endpoint.name().equals(config.interBrokerListenerName()))))
        .toList();
  }

  /** Takes up no further request and writes the answers that are owed. */
  void stopAccepting(Duration patience) {
    isListening = false;
    KafkaServer server = kafka;
    if (server != null) {
      server.drain(patience);
    }
  }

  @Override
  public void close() {
    isListening = false;
    KafkaServer server = kafka;
    if (server != null) {
      server.close();
    }
    http.close();
    loops.close(deadline.allowedMs(LOOPS_MS));
  }

  private static InetSocketAddress addressOf(HostPort address) {
    return address.host().isEmpty()
        ? new InetSocketAddress(address.port())
        : new InetSocketAddress(address.host(), address.port());
  }

  private static Executor eachOnItsOwn(ThreadFactory threads) {
    return task -> threads.newThread(task).start();
  }
}
