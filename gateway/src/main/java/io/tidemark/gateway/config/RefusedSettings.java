package io.tidemark.gateway.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final Pattern PROVIDER =
      Pattern.compile("config\\.providers\\.[^.]+\\.(class|param\\..+)");
  private static final String PROVIDERS = "org.apache.kafka.common.config.provider.";
  private static final Set<String> KNOWN_PROVIDERS =
      Set.of(
          PROVIDERS + "EnvVarConfigProvider",
          PROVIDERS + "FileConfigProvider",
          PROVIDERS + "DirectoryConfigProvider");

  private RefusedSettings() {}

  /** Why the node must not start with this value, or null when it may. */
  static @Nullable String reason(String key, String value) {
    if (value.isBlank()) {
      return null;
    }
    Matcher provider = PROVIDER.matcher(key);
    if (!provider.matches()) {
      return REASONS.get(key);
    }
    if (!provider.group(1).equals("class")) {
      return "what references may reach is not limited by parameters";
    }
    return KNOWN_PROVIDERS.contains(value.strip()) ? null : "only Kafka's own providers are known";
  }

  static boolean contains(String key) {
    return REASONS.containsKey(key);
  }

  /** All of them with their reasons, by name. */
  static Map<String, String> all() {
    return new TreeMap<>(REASONS);
  }
}
