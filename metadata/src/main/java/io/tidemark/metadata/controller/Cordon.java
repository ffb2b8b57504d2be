package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ClusterImage;
import java.util.Arrays;

/**
 * Which nodes get no new replicas: those whose log directories are all cordoned (KIP-1066), as the
 * dynamic configuration says of the node, else of all nodes. What they have they keep and serve.
 * Pure.
 */
public final class Cordon {
  /** Kafka's setting; here a node is cordoned as a whole or not at all. */
  public static final String CORDONED_LOG_DIRS = "cordoned.log.dirs";

  /** All log directories of a node. */
  public static final String ALL = "*";

  private Cordon() {}

  public static boolean holds(ClusterImage image, int nodeId) {
    String everywhere = image.configs().ofAllNodes().get(CORDONED_LOG_DIRS);
    String value = image.configs().ofNode(nodeId).getOrDefault(CORDONED_LOG_DIRS, everywhere);
    return value != null && Arrays.stream(value.split(",", -1)).anyMatch(Cordon::isAll);
  }

  private static boolean isAll(String directory) {
    return directory.strip().equals(ALL);
  }
}
