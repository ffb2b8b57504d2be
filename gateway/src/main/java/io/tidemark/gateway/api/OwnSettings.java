package io.tidemark.gateway.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Judges settings of nodes that the controller, which decides on all others, cannot judge. */
@FunctionalInterface
public interface OwnSettings {

  /**
   * Throws Kafka's own exceptions for what must not be.
   *
   * @param node whose settings they are, as the name of the resource
   * @param changes new values; null takes one away
   */
  void check(String node, Map<String, @Nullable String> changes);
}
