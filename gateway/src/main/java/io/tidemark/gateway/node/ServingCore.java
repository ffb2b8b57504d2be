package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.http.Routes;
import java.util.function.Consumer;

/** A node that clients connect to, with replicas or without. */
sealed interface ServingCore extends Core permits NodeCore, GatewayCore {

  /** What its clients may ask. */
  ApiTable apis();

  /** Its standing in the cluster. */
  Registration registration();

  /** Adds what it serves over HTTP besides what every node does. */
  void addTo(Routes routes);

  /** Tells the node's settings whenever the cluster has changed them, on the image's thread. */
  void whenSettingsChange(Consumer<NodeConfig> listener);
}
