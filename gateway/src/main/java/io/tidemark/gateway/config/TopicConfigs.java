package io.tidemark.gateway.config;

import java.util.List;
import java.util.Map;

/** The settings of topics. Immutable, from the node's configuration. */
public final class TopicConfigs {

  public TopicConfigs(NodeConfig node) {}

  /**
   * Refuses a topic's settings with {@code InvalidConfigurationException}.
   *
   * @param settings the topic's own settings after the change
   */
  public void validate(String topic, Map<String, String> settings) {
    throw new UnsupportedOperationException();
  }

  /** All settings of a topic for DescribeConfigs, in alphabetical order. */
  public List<ConfigEntry> describe(
      Map<String, String> settings,
      Map<String, String> nodeDynamic,
      Map<String, String> clusterDynamic) {
    throw new UnsupportedOperationException();
  }

  /** Whether a key is one of a topic. */
  public boolean isKnown(String key) {
    throw new UnsupportedOperationException();
  }
}
