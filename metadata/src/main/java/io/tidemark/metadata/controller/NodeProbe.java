package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.NodeImage;
import java.util.concurrent.CompletableFuture;

/** Finds out whether anybody runs where a node registered. Safe from any thread. */
@FunctionalInterface
public interface NodeProbe {

  /** Never says that a node is gone. */
  NodeProbe NONE = _ -> CompletableFuture.completedFuture(false);

  /**
   * Whether every address the node registered refuses connections: its machine is there, the
   * process is not. False for everything else, silence and failures included.
   */
  CompletableFuture<Boolean> refuses(NodeImage node);
}
