package io.tidemark.gateway.config;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings of Kafka that must not be passed over, because whoever sets them relies on being
 * protected by them: they stop the start.
 */
final class RefusedSettings {
  private static final String NO_POLICIES = "policy classes cannot be loaded";

  private static final Map<String, String> REASONS =
      Map.of(
          "create.topic.policy.class.name", NO_POLICIES,
          "alter.config.policy.class.name", NO_POLICIES);

  private RefusedSettings() {}

  /** Why the node must not start with this value, or null when it may. */
  static @Nullable String reason(String key, String value) {
    return value.isBlank() ? null : REASONS.get(key);
  }

  static boolean contains(String key) {
    return REASONS.containsKey(key);
  }

  /** All of them with their reasons, by name. */
  static Map<String, String> all() {
    return new TreeMap<>(REASONS);
  }
}
