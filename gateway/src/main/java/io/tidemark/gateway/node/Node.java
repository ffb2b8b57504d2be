package io.tidemark.gateway.node;

import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.ObservationKeys;
import io.tidemark.gateway.config.Role;
import io.tidemark.gateway.logging.LogFormat;
import io.tidemark.gateway.metrics.NodeMeters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node. {@link #start} returns when it serves; {@link #close} lets requests under way
 * end, gives its leaderships up and closes everything within ten seconds. Both are called by one
 * thread.
 */
public final class Node implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Node.class);

  /** A stop has to be over within 10 s; the rest is for what nobody can bound. */
  private static final long STOP_MS = 8_000;

  private static final long DRAIN_MS = 2_000;
  private static final long LEAVE_MS = 1_000;

  /** Until all others have heard who leads now, which their heartbeats tell. */
  private static final long HAND_OVER_MS = 4_000;

  private static final long THREADS_MS = 1_000;

  private final NodeConfig config;
  private final Core core;
  private final NodeServers servers;
  private final Closer closer;
  private final StopDeadline deadline;
  private final String readyLine;

  private Node(
      NodeConfig config,
      Core core,
      NodeServers servers,
      Closer closer,
      StopDeadline deadline,
      String readyLine) {
    this.config = config;
    this.core = core;
    this.servers = servers;
    this.closer = closer;
    this.deadline = deadline;
    this.readyLine = readyLine;
  }

  /** Starts a node on this machine; what was opened is closed again when it fails. */
  public static Node start(NodeConfig config) throws IOException {
    if (config.isSet(ObservationKeys.LOG_FORMAT)) {
      LogFormat.use(LogFormat.of(config.getString(ObservationKeys.LOG_FORMAT)));
    }
    return start(config, new MachinePorts(), new RealBackends());
  }

  /** Starts a node above other ports and backends; it closes them. */
  static Node start(NodeConfig config, NodePorts ports, NodeBackends backends) throws IOException {
    long startedNs = ports.time().nanoseconds();
    config.warnings().forEach(log::warn);
    if (config.tieringStore().isEmpty()) {
      log.info("No tiering.store is set: everything stays on local disks");
    }
    Closer closer = new Closer();
    StopDeadline deadline = new StopDeadline(ports.time(), STOP_MS);
    closer.add("threads", () -> ports.close(deadline.allowedMs(THREADS_MS)));
    try {
      Optional<HotTierWiring> hotTier = hotTier(config, ports, closer);
      EarlyVoter early = closer.add("voter", EarlyVoter.begin(config, ports, backends));
      NodeMeters meters = closer.add("metrics", new NodeMeters());
      NodeServers servers = closer.add("servers", new NodeServers(config, ports, meters, deadline));
      servers.openHttp();
      servers.reserve();
      Core core = core(config, ports, early, hotTier, servers, meters, deadline, closer);
      long elapsedNs = ports.time().nanoseconds() - startedNs;
      Node node =
          new Node(
              config, core, servers, closer, deadline, readyLine(config, core, servers, elapsedNs));
      log.info("Ready after {} ms", TimeUnit.NANOSECONDS.toMillis(elapsedNs));
      return node;
    } catch (IOException | RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** Where logs are kept; locked before anything else, so that no two processes are one node. */
  private static Optional<HotTierWiring> hotTier(
      NodeConfig config, NodePorts ports, Closer closer) {
    return config.roles().contains(Role.BROKER)
        ? Optional.of(closer.add("log directories", new HotTierWiring(config, ports)))
        : Optional.empty();
  }

  private static Core core(
      NodeConfig config,
      NodePorts ports,
      NodeBackends backends,
      Optional<HotTierWiring> hotTier,
      NodeServers servers,
      NodeMeters meters,
      StopDeadline deadline,
      Closer closer)
      throws IOException {
    if (hotTier.isPresent()) {
      return serving(
          closer.add(
              "node",
              new NodeCore(
                  config,
                  ports,
                  backends,
                  hotTier.get(),
                  servers.advertisedToNodes(),
                  servers::openControllers,
                  servers.security(),
                  servers.quotas(),
                  meters.registry(),
                  deadline)),
          servers);
    }
    if (config.roles().contains(Role.GATEWAY)) {
      return serving(
          closer.add(
              "gateway node",
              new GatewayCore(
                  config,
                  ports,
                  backends,
                  servers.advertised(),
                  servers.security(),
                  servers.quotas(),
                  meters.registry())),
          servers);
    }
    return closer.add(
        "controller node",
        new ControllerCore(
            config,
            ports,
            backends,
            servers::openControllers,
            servers.security(),
            servers.quotas(),
            meters.registry()));
  }

  private static ServingCore serving(ServingCore core, NodeServers servers) throws IOException {
    servers.openKafka(core);
    return core;
  }

  private static String readyLine(
      NodeConfig config, Core core, NodeServers servers, long elapsedNs) {
    return String.format(
        Locale.ROOT,
        "tidemark ready: node %d, cluster %s, listeners %s, http %s, data %s, store %s, started in"
            + " %.1f s",
        config.nodeId(),
        cluster(core),
        shown(servers).stream().map(Endpoint::toString).collect(Collectors.joining(",")),
        servers.httpAddress(),
        data(config),
        config.tieringStore().orElse("none"),
        elapsedNs / 1e9);
  }

  private static String data(NodeConfig config) {
    return config.roles().contains(Role.GATEWAY)
        ? "none"
        : config.logDirs().stream().map(Path::toString).collect(Collectors.joining(","));
  }

  /** A node that only votes does not wait for the others without which there is no cluster yet. */
  private static String cluster(Core core) {
    String clusterId = core.cluster().image().clusterId();
    return clusterId.isEmpty() ? "not known yet" : clusterId;
  }

  private static List<Endpoint> shown(NodeServers servers) {
    List<Endpoint> forClients = servers.advertised();
    return forClients.isEmpty() ? servers.advertisedToNodes() : forClients;
  }

  /** What is said on standard output when the node serves. */
  public String readyLine() {
    return readyLine;
  }

  public String clusterId() {
    return core.cluster().image().clusterId();
  }

  /** Of a node with the role broker. */
  NodeCore core() {
    return (NodeCore) core;
  }

  /** Where clients connect. */
  public List<Endpoint> listeners() {
    return servers.advertised();
  }

  public HostPort http() {
    return servers.httpAddress();
  }

  /** Fails when the node cannot go on, with the reason; it is to be closed then. */
  public CompletableFuture<Void> stopped() {
    return core.stopped();
  }

  /**
   * Where there are others, leaderships move first while clients are still told who leads;
   * otherwise what is under way ends first.
   */
  @Override
  public void close() {
    deadline.begin();
    if (core.isAlone()) {
      servers.stopAccepting(Duration.ofMillis(deadline.allowedMs(DRAIN_MS)));
      leave(LEAVE_MS);
    } else {
      leave(HAND_OVER_MS);
      servers.stopAccepting(Duration.ofMillis(deadline.allowedMs(DRAIN_MS)));
    }
    closer.close();
    log.info("Stopped");
  }

  /** Nobody waits long for being let go. */
  private void leave(long patienceMs) {
    try {
      core.leave().get(deadline.allowedMs(patienceMs), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.info("The cluster did not let this node go in time; it stops anyway");
    }
  }
}
