package io.tidemark.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;

/** A node's settings as the admin APIs see them. */
public final class NodeConfigs {
  private NodeConfigs() {}

  /** All settings of a node for DescribeConfigs, in alphabetical order. */
  public static List<ConfigEntry> describe(NodeConfig node) {
    Map<String, ConfigKey> keys = NodeDefinition.keys();
    ListenerKeys.among(node.layers().merged().keySet()).forEach(key -> keys.put(key.name, key));
    return keys.values().stream().map(key -> describe(key, node)).toList();
  }

  private static ConfigEntry describe(ConfigKey key, NodeConfig node) {
    List<ConfigEntry.Synonym> synonyms = node.layers().synonyms(List.of(key.name));
    return new ConfigEntry(
        key.name,
        ConfigText.of(key, node.value(key.name)),
        synonyms.isEmpty() ? ConfigSource.DEFAULT_CONFIG : synonyms.getFirst().source(),
        ConfigText.type(key),
        key.documentation,
        key.type == ConfigDef.Type.PASSWORD,
        !NodeDefinition.isDynamic(key.name),
        synonyms);
  }

  /** What was set for every node, for DescribeConfigs of the node without a name. */
  public static List<ConfigEntry> describeCluster(Map<String, String> cluster) {
    List<ConfigEntry> entries = new ArrayList<>();
    Map<String, ConfigKey> keys = NodeDefinition.keys();
    ListenerKeys.among(cluster.keySet()).forEach(key -> keys.put(key.name, key));
    for (ConfigKey key : keys.values()) {
      String value = cluster.get(key.name);
      if (value != null) {
        entries.add(describeCluster(key, value));
      }
    }
    return entries;
  }

  private static ConfigEntry describeCluster(ConfigKey key, String value) {
    ConfigSource source = ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
    @Nullable String shown = ConfigText.shown(key.name, value);
    return new ConfigEntry(
        key.name,
        shown,
        source,
        ConfigText.type(key),
        key.documentation,
        key.type == ConfigDef.Type.PASSWORD,
        false,
        List.of(new ConfigEntry.Synonym(key.name, shown, source)));
  }

  /**
   * Checks settings that are to be changed while nodes run.
   *
   * @throws InvalidConfigurationException for one that is unknown, cannot be changed without a
   *     restart, or does not parse
   */
  public static void validateDynamic(Map<String, String> settings) {
    settings.forEach(NodeConfigs::validateDynamic);
  }

  private static void validateDynamic(String name, String text) {
    ConfigKey key = NodeDefinition.key(name);
    if (key == null) {
      throw new InvalidConfigurationException("Unknown node config name: " + name);
    }
    if (!NodeDefinition.isDynamic(name)) {
      throw new InvalidConfigurationException(
          name + " cannot be changed while a node runs; set it in its configuration");
    }
    requireNoReference(name, text);
    try {
      var _ = NodeConfigReader.parse(key, text);
      if (name.equals(NetworkKeys.MAX_CONNECTIONS_PER_IP_OVERRIDES)) {
        ListenerParser.limits(name, text);
      }
    } catch (ConfigException e) {
      throw new InvalidConfigurationException(e.getMessage());
    }
  }

  /** Whoever may change settings over the network reads no file and no variable of a node by it. */
  static void requireNoReference(String name, String text) {
    if (ValueReferences.isIn(text)) {
      throw new InvalidConfigurationException(
          name
              + ": references such as ${env:…} and ${file:…} are resolved only in the configuration"
              + " a node is started with");
    }
  }

  /** Whether it is one of a listener's keys or certificates, which only its node can judge. */
  public static boolean isCertificate(String name) {
    return ListenerKeys.isOfTls(name);
  }

  /** A setting's value on this node, as text; null when there is none, or it is secret. */
  public static @Nullable String valueText(NodeConfig node, String name) {
    ConfigKey key = NodeDefinition.key(name);
    return key == null ? null : ConfigText.of(key, node.value(name));
  }

  /** Whether a node setting holds a list, to which values can be appended. */
  public static boolean isList(String name) {
    ConfigKey key = NodeDefinition.key(name);
    return key != null && key.type == ConfigDef.Type.LIST;
  }
}
