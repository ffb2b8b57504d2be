package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.security.guard.Guards;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * A node that only votes in the quorum and decides while it leads it: no log, no clients, no
 * registration. It waits for no other voter, so that voters may be started one after the other.
 */
final class ControllerCore implements Core {
  private final Closer closer = new Closer();
  private final MetadataWiring metadata;

  /**
   * @param controllers opened once the controller is there
   * @param quotas of clients, counted here where the controller is asked for something
   */
  ControllerCore(
      NodeConfig config,
      NodePorts ports,
      NodeBackends backends,
      NodeCore.ControllerListeners controllers,
      SecurityWiring security,
      ClientQuotas quotas,
      MeterRegistry meters)
      throws IOException {
    try {
      metadata =
          MetadataWiring.open(
              config,
              ports,
              backends,
              security,
              new ImageLogConfigs(config),
              quotas,
              id -> false,
              meters,
              closer);
      security.follow(metadata.follower());
      controllers.open(Guards.aroundNodes(metadata.controllerApis(), security.claims()));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public ClusterView cluster() {
    return metadata.cluster();
  }

  /** It leads no partition. */
  @Override
  public boolean isAlone() {
    return true;
  }

  /** Another voter is elected once this one is gone. */
  @Override
  public CompletableFuture<Void> leave() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> stopped() {
    return metadata.stopped();
  }

  @Override
  public void close() {
    closer.close();
  }
}
