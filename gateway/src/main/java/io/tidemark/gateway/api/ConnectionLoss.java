package io.tidemark.gateway.api;

/** Hears that the connection of a node's heartbeats has ended. Any thread; must be short. */
@FunctionalInterface
public interface ConnectionLoss {
  void lost(int nodeId, long epoch);
}
