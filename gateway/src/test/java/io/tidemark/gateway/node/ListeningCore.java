package io.tidemark.gateway.node;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.metadata.image.ClusterImage;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A node that serves through {@link MemoryListeners}, above ports of the test's choice. */
public final class ListeningCore implements AutoCloseable {
  private static final long STOP_MS = 8_000;

  private final NodeCore core;
  private final HotTierWiring hotTier;

  private ListeningCore(NodeCore core, HotTierWiring hotTier) {
    this.core = core;
    this.hotTier = hotTier;
  }

  /** Starts a node and waits until it serves: on a thread that may wait. */
  public static ListeningCore start(
      NodeConfig config, NodePorts ports, NodeBackends backends, MemoryListeners listeners)
      throws IOException {
    HotTierWiring hotTier = new HotTierWiring(config, ports);
    try {
      NodeCore core =
          new NodeCore(
              config,
              ports,
              backends,
              hotTier,
              listeners.endpoints(),
              listeners::openControllers,
              SecurityWiring.open(config, ports, new SimpleMeterRegistry()),
              NodeSettings.quotas(config, ports.time(), new SimpleMeterRegistry()),
              new SimpleMeterRegistry(),
              new StopDeadline(ports.time(), STOP_MS));
      listeners.openClients(core.apis());
      return new ListeningCore(core, hotTier);
    } catch (IOException | RuntimeException e) {
      hotTier.close();
      throw e;
    }
  }

  public ReplicaSet replicas() {
    return core.replicas();
  }

  /** What this node knows of the cluster. */
  public ClusterImage image() {
    return core.cluster().image();
  }

  /** Asks the cluster to let this node go; done when its leaderships have moved. */
  public CompletableFuture<Void> leave() {
    return core.leave();
  }

  /** Fails when the node cannot go on. */
  public CompletableFuture<Void> stopped() {
    return core.stopped();
  }

  @Override
  public void close() {
    core.close();
    hotTier.close();
  }
}
