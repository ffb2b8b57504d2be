package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ClusterView;
import java.util.concurrent.CompletableFuture;

/** What a node is below its sockets, by its roles. Closed by the thread that made it. */
sealed interface Core extends AutoCloseable permits ServingCore, ControllerCore {

  ClusterView cluster();

  /** Whether there is nobody to hand anything over to. */
  boolean isAlone();

  /** Hands over what others would miss; done when this node may stop. */
  CompletableFuture<Void> leave();

  /** Fails when the node cannot go on, with the reason; it is to be closed then. */
  CompletableFuture<Void> stopped();

  @Override
  void close();
}
