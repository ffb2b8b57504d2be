package io.tidemark.gateway.config;

import io.tidemark.log.LogConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * The settings of topics under a node's defaults. Immutable: when the node's settings change, a new
 * one is made of {@link NodeConfig#with}.
 */
public final class TopicConfigs {
  private static final long FOR_EVER = Long.MAX_VALUE;

  private final NodeConfig node;

  public TopicConfigs(NodeConfig node) {
    this.node = node;
  }

  /** Whether a key is one of a topic. */
  public boolean isKnown(String key) {
    return TopicDefinition.key(key) != null;
  }

  /** Whether a topic's setting holds a list, to which values can be appended. */
  public static boolean isList(String name) {
    ConfigKey key = TopicDefinition.key(name);
    return key != null && key.type == ConfigDef.Type.LIST;
  }

  /**
   * Checks a topic's own settings, as they would stand after a change.
   *
   * @throws InvalidConfigurationException with the key and what is wrong with it
   */
  public void validate(String topic, Map<String, String> settings) {
    settings.forEach(TopicConfigs::validate);
    TopicChecks.check(settings, this, node.tieringStore().isPresent());
  }

  /**
   * Checks the step from some settings of a topic to others.
   *
   * @throws InvalidConfigurationException when it would leave objects in the store that nobody
   *     reads or deletes any more
   */
  void validateChange(Map<String, String> before, Map<String, String> after) {
    boolean keepsObjects =
        !new TopicValues(this, after).flag(TopicConfig.REMOTE_LOG_DELETE_ON_DISABLE_CONFIG);
    if (isTiered(before) && !isTiered(after) && keepsObjects) {
      throw new InvalidConfigurationException(
          "Remote storage cannot be disabled without deleting what is there. To keep it, read-only,"
              + " set remote.storage.enable=true and remote.log.copy.disable=true; to delete it,"
              + " set remote.storage.enable=false and remote.log.delete.on.disable=true.");
    }
  }

  private static void validate(String name, String text) {
    ConfigKey key = TopicDefinition.key(name);
    if (key == null) {
      throw new InvalidConfigurationException("Unknown topic config name: " + name);
    }
    NodeConfigs.requireNoReference(name, text);
    try {
      NodeConfigReader.parse(key, text);
    } catch (ConfigException e) {
      throw new InvalidConfigurationException(e.getMessage());
    }
  }

  /** What a log of the topic works by. Settings that do not parse fall back to the default. */
  public LogConfig logConfig(Map<String, String> settings) {
    return TopicLogConfig.of(new TopicValues(this, settings));
  }

  /** All settings of a topic for DescribeConfigs, in alphabetical order. */
  public List<ConfigEntry> describe(Map<String, String> settings) {
    TopicValues values = new TopicValues(this, settings);
    return TopicDefinition.keys().values().stream()
        .map(key -> describe(key, settings.get(key.name), values))
        .toList();
  }

  private ConfigEntry describe(ConfigKey key, @Nullable String own, TopicValues values) {
    List<ConfigEntry.Synonym> synonyms = new ArrayList<>();
    if (own != null) {
      synonyms.add(new ConfigEntry.Synonym(key.name, own, ConfigSource.DYNAMIC_TOPIC_CONFIG));
    }
    List<NodeSynonym> inherited = TopicDefinition.synonyms(key.name);
    synonyms.addAll(node.layers().synonyms(inherited.stream().map(NodeSynonym::key).toList()));
    String value = ConfigText.of(key, values.get(key.name));
    if (inherited.isEmpty()) {
      String otherwise = ConfigText.of(key, defaultValue(key.name));
      synonyms.add(new ConfigEntry.Synonym(key.name, otherwise, ConfigSource.DEFAULT_CONFIG));
    }
    return new ConfigEntry(
        key.name,
        value,
        synonyms.isEmpty() ? ConfigSource.DEFAULT_CONFIG : synonyms.getFirst().source(),
        ConfigText.type(key),
        key.documentation,
        false,
        false,
        synonyms);
  }

  /** A setting of a topic that has none of its own, as text; null when there is no such setting. */
  public @Nullable String defaultText(String name) {
    ConfigKey key = TopicDefinition.key(name);
    return key == null ? null : ConfigText.of(key, defaultValue(name));
  }

  /** Whether a topic with these settings is tiered. */
  public boolean isTiered(Map<String, String> settings) {
    boolean isEnabled =
        new TopicValues(this, settings).flag(TopicConfig.REMOTE_LOG_STORAGE_ENABLE_CONFIG);
    return isEnabled && node.tieringStore().isPresent();
  }

  /** The value that holds where a topic has none. */
  Object defaultValue(String name) {
    if (name.equals(TopicConfig.REMOTE_LOG_STORAGE_ENABLE_CONFIG)) {
      return node.tieringStore().isPresent();
    }
    for (NodeSynonym synonym : TopicDefinition.synonyms(name)) {
      Object value = node.value(synonym.key());
      if (value != null) {
        return synonym.converted(value);
      }
    }
    ConfigKey key = TopicDefinition.key(name);
    return key == null || key.defaultValue == null ? FOR_EVER : key.defaultValue;
  }
}
