package io.tidemark.gateway.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * A node's settings by where they come from; the first layer that has a key decides it. Immutable.
 *
 * <pre>
 *   this node's dynamic settings → the cluster's → file and --set → defaults
 * </pre>
 */
record Layers(Map<String, String> node, Map<String, String> cluster, Map<String, String> given) {

  Layers {
    node = Map.copyOf(node);
    cluster = Map.copyOf(cluster);
    given = Map.copyOf(given);
  }

  /** Names alone: values may be secret. */
  @Override
  public String toString() {
    return "Layers[node=%s, cluster=%s, given=%s]"
        .formatted(node.keySet(), cluster.keySet(), given.keySet());
  }

  /** Every key that is set anywhere, with the value that holds. */
  Map<String, String> merged() {
    Map<String, String> merged = new HashMap<>(given);
    merged.putAll(cluster);
    merged.putAll(node);
    return merged;
  }

  /** Where these keys are looked for: layer by layer, and within one in the keys' order. */
  List<ConfigEntry.Synonym> synonyms(List<String> keys) {
    List<ConfigEntry.Synonym> found = new ArrayList<>();
    add(found, keys, node, ConfigSource.DYNAMIC_BROKER_CONFIG);
    add(found, keys, cluster, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
    add(found, keys, given, ConfigSource.STATIC_BROKER_CONFIG);
    for (String key : keys) {
      var defined = NodeDefinition.key(key);
      if (defined != null && defined.defaultValue != null) {
        String value = ConfigText.of(defined, defined.defaultValue);
        found.add(new ConfigEntry.Synonym(key, value, ConfigSource.DEFAULT_CONFIG));
      }
    }
    return found;
  }

  private static void add(
      List<ConfigEntry.Synonym> found,
      List<String> keys,
      Map<String, String> layer,
      ConfigSource source) {
    for (String key : keys) {
      @Nullable String value = layer.get(key);
      if (value != null) {
        found.add(new ConfigEntry.Synonym(key, ConfigText.shown(key, value), source));
      }
    }
  }
}
