package io.tidemark.gateway.node;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NetworkKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.Role;
import io.tidemark.gateway.http.HttpServer;
import io.tidemark.gateway.http.NodeRoutes;
import io.tidemark.gateway.http.Readiness;
import io.tidemark.gateway.http.Routes;
import io.tidemark.gateway.metrics.NodeMeters;
import io.tidemark.gateway.net.EventLoops;
import io.tidemark.gateway.net.KafkaServer;
import io.tidemark.gateway.net.Listener;
import io.tidemark.gateway.net.Throttle;
import io.tidemark.gateway.quota.ClientQuotas;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The node's sockets. HTTP opens first, so that probes learn what is missing while the node starts;
 * the controller's listeners as soon as it is there; Kafka's listeners last, when everything behind
 * them serves. Opened and closed by the node's one thread.
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
  private final Set<String> controllerListeners;
  private final LateApis clientApis = new LateApis();
  private final LateApis nodeApis = new LateApis();
  private final SecurityWiring security;
  private final ClientQuotas quotas;
  private final KafkaServer kafka;

  /** Read by the probes' threads. */
  private volatile @Nullable ServingCore core;

  private volatile boolean isListening;

  NodeServers(NodeConfig config, NodePorts ports, NodeMeters meters, StopDeadline deadline) {
    this.deadline = deadline;
    this.config = config;
    this.ports = ports;
    this.meters = meters;
    this.loops =
        EventLoops.open(
            config.getInt(NetworkKeys.NUM_NETWORK_THREADS), new DefaultThreadFactory("loop", true));
    this.controllerListeners =
        config.controllerListeners().stream().map(Endpoint::name).collect(Collectors.toSet());
    this.security = SecurityWiring.open(config, ports, meters.registry());
    this.http =
        new HttpServer(
            addressOf(config.httpListener()),
            routes,
            security.http(),
            loops,
            eachOnItsOwn(ports.virtualThreads("http")));
    this.quotas = NodeSettings.quotas(config, ports.time(), meters.registry());
    this.kafka = kafka();
    quotas.onAddressQuotas(kafka::limitAddresses);
    if (servesClients()) {
      readiness.require("registered", this::isRegistered);
      readiness.require("recovered", () -> core != null);
    }
    readiness.require("listening", () -> isListening);
    routes
        .add(NodeRoutes.livez())
        .add(NodeRoutes.readyz(readiness))
        .add(NodeRoutes.metrics(meters::scrape));
  }

  private boolean servesClients() {
    return !config.roles().equals(Set.of(Role.CONTROLLER));
  }

  private boolean isRegistered() {
    ServingCore started = core;
    return started != null && started.registration().isUnfenced();
  }

  void openHttp() throws IOException {
    http.start();
  }

  /** Where HTTP is served, with the port that port 0 became. */
  HostPort httpAddress() {
    return new HostPort(config.httpListener().host(), http.boundAddress().getPort());
  }

  /** Finds the ports of Kafka's listeners that may be any. */
  void reserve() throws IOException {
    kafka.reserve();
  }

  /** Where clients find this node, with the ports that port 0 became. */
  List<Endpoint> advertised() {
    return config.advertisedListeners().stream().map(this::withPort).toList();
  }

  /** Where nodes find it: the same, and its controller's listeners. */
  List<Endpoint> advertisedToNodes() {
    return Stream.concat(
            advertised().stream(),
            config.advertisedControllerListeners().stream().map(this::withPort))
        .toList();
  }

  private Endpoint withPort(Endpoint endpoint) {
    if (endpoint.port() != 0) {
      return endpoint;
    }
    int port = kafka.boundAddress(endpoint.name()).getPort();
    return new Endpoint(endpoint.name(), new HostPort(endpoint.host(), port));
  }

  /** The controller is there: other nodes may need it before this one serves clients. */
  void openControllers(ApiTable apis) throws IOException {
    nodeApis.serve(apis);
    kafka.open(controllerListeners::contains);
    isListening = !servesClients();
  }

  void openKafka(ServingCore started) throws IOException {
    core = started;
    started.addTo(routes);
    clientApis.serve(started.apis());
    kafka.open(name -> !controllerListeners.contains(name));
    started.whenSettingsChange(changed -> {
      kafka.reconfigure(changed.connectionSettings());
      security.reconfigure(changed);
    });
    security.audit().openTopic(forItself());
    isListening = true;
  }

  /** Where this node is a client of its own: where nodes come, or what a gateway has instead. */
  private HostPort forItself() {
    List<Endpoint> open = advertised();
    return open.stream()
        .filter(endpoint -> endpoint.name().equals(config.interBrokerListenerName()))
        .findFirst()
        .orElse(open.getFirst())
        .address();
  }

  private KafkaServer kafka() {
    List<Listener> listeners =
        Stream.concat(config.listeners().stream(), config.controllerListeners().stream())
            .map(endpoint ->
                new Listener(
                    endpoint.name(),
                    endpoint.host(),
                    endpoint.port(),
                    security.of(endpoint.name()),
                    apisOf(endpoint.name())::served,
                    () -> throttleOf(endpoint.name())))
            .toList();
    return new KafkaServer(
        listeners,
        config.connectionSettings(),
        (request, responder) -> apisOf(request.listenerName()).handle(request, responder),
        loops,
        ports.time(),
        meters.registry());
  }

  /** Controllers are asked by nodes alone. */
  private Throttle throttleOf(String listener) {
    return controllerListeners.contains(listener) ? Throttle.NONE : quotas.throttle();
  }

  private LateApis apisOf(String listener) {
    return controllerListeners.contains(listener) ? nodeApis : clientApis;
  }

  /** What their clients may use. */
  ClientQuotas quotas() {
    return quotas;
  }

  /** How the listeners are protected. */
  SecurityWiring security() {
    return security;
  }

  /** Takes up no further request and writes the answers that are owed. */
  void stopAccepting(Duration patience) {
    isListening = false;
    kafka.drain(patience);
  }

  @Override
  public void close() {
    isListening = false;
    kafka.close();
    security.close();
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
