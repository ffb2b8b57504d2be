package io.tidemark.junit;

import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.node.Node;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of this process, which may be stopped and started again: over the same folders, at the
 * same address. Used by one thread at a time.
 */
final class LocalNode {
  /** Any port at first, and then always the same. */
  static final String LISTENER = "PLAINTEXT://127.0.0.1:0";

  private final int id;
  private final Map<String, String> settings;
  private @Nullable Node running;

  /**
   * @param settings the node's; {@link #LISTENER} among them gets its port at the first start
   */
  LocalNode(int id, Map<String, String> settings) {
    this.id = id;
    this.settings = new LinkedHashMap<>(settings);
  }

  int id() {
    return id;
  }

  boolean isRunning() {
    return running != null;
  }

  void start() throws IOException {
    if (running != null) {
      throw new IllegalStateException("node " + id + " runs already");
    }
    Node node = Node.start(NodeConfig.of(settings));
    running = node;
    settings.computeIfPresent(
        "listeners", (_, listeners) -> listeners.replace(LISTENER, endpoint(node).toString()));
  }

  /** Where clients connect. */
  private static Endpoint endpoint(Node node) {
    return node.listeners().getFirst();
  }

  Node node() {
    Node node = running;
    if (node == null) {
      throw new IllegalStateException("node " + id + " does not run");
    }
    return node;
  }

  String address() {
    return endpoint(node()).address().toString();
  }

  void stop() {
    Node node = running;
    running = null;
    if (node != null) {
      node.close();
    }
  }
}
