package io.tidemark.gateway.config;

import java.util.Map;

/**
 * What was changed of a node's settings while it ran, as the cluster remembers it.
 *
 * @param node for this node alone
 * @param cluster for every node
 */
public record NodeOverrides(Map<String, String> node, Map<String, String> cluster) {
  public static final NodeOverrides NONE = new NodeOverrides(Map.of(), Map.of());

  public NodeOverrides {
    node = Map.copyOf(node);
    cluster = Map.copyOf(cluster);
  }

  /** Names alone: values may be secret. */
  @Override
  public String toString() {
    return "NodeOverrides[node=%s, cluster=%s]".formatted(node.keySet(), cluster.keySet());
  }
}
