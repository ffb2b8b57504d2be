package io.tidemark.gateway.config;

import io.tidemark.metadata.controller.ConfigPolicy;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.jspecify.annotations.Nullable;

/**
 * What the controller must know of settings, from their declarations here. Safe from any thread.
 */
public final class DeclaredConfigPolicy implements ConfigPolicy {
  private final Supplier<NodeConfig> node;

  /**
   * @param node the node's settings as they are at the moment
   */
  public DeclaredConfigPolicy(Supplier<NodeConfig> node) {
    this.node = node;
  }

  @Override
  public void validateChange(
      ConfigResource resource, Map<String, String> before, Map<String, String> after) {
    validate(resource, after);
    if (resource.type() == ConfigResource.Type.TOPIC) {
      new TopicConfigs(node.get()).validateChange(before, after);
    }
  }

  @Override
  public List<CreatableTopicConfigs> effective(Map<String, String> topicOverrides) {
    return new TopicConfigs(node.get())
        .describe(topicOverrides).stream()
            .map(entry ->
                new CreatableTopicConfigs()
                    .setName(entry.name())
                    .setValue(entry.isSensitive() ? null : entry.value())
                    .setReadOnly(entry.isReadOnly())
                    .setConfigSource(entry.sourceId())
                    .setIsSensitive(entry.isSensitive()))
            .toList();
  }

  @Override
  public void validate(ConfigResource resource, Map<String, String> overrides) {
    switch (resource.type()) {
      case TOPIC -> new TopicConfigs(node.get()).validate(resource.name(), overrides);
      case BROKER -> NodeConfigs.validateDynamic(overrides);
      case GROUP, CLIENT_METRICS, BROKER_LOGGER, UNKNOWN -> refuseAll(resource, overrides);
    }
  }

  private static void refuseAll(ConfigResource resource, Map<String, String> overrides) {
    if (!overrides.isEmpty()) {
      throw new InvalidConfigurationException(
          "There are no settings of the type " + resource.type() + " yet");
    }
  }

  @Override
  public boolean isList(ConfigResource.Type type, String key) {
    return switch (type) {
      case TOPIC -> TopicConfigs.isList(key);
      case BROKER -> NodeConfigs.isList(key);
      case GROUP, CLIENT_METRICS, BROKER_LOGGER, UNKNOWN -> false;
    };
  }

  @Override
  public @Nullable String defaultValue(ConfigResource.Type type, String key) {
    return switch (type) {
      case TOPIC -> new TopicConfigs(node.get()).defaultText(key);
      case BROKER -> NodeConfigs.valueText(node.get(), key);
      case GROUP, CLIENT_METRICS, BROKER_LOGGER, UNKNOWN -> null;
    };
  }

  @Override
  public boolean isTiered(Map<String, String> topicOverrides) {
    return new TopicConfigs(node.get()).isTiered(topicOverrides);
  }
}
