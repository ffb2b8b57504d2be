package io.tidemark.metadata.controller;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.jspecify.annotations.Nullable;

/** A policy that knows a few keys of topics, enough to test the controller with. */
final class TopicConfigPolicy implements ConfigPolicy {
  private static final Set<String> KEYS =
      Set.of(
          "retention.ms",
          "segment.bytes",
          "cleanup.policy",
          "min.insync.replicas",
          "unclean.leader.election.enable",
          "remote.storage.enable");

  @Override
  public void validateChange(
      ConfigResource resource, Map<String, String> before, Map<String, String> after) {
    validate(resource, after);
  }

  @Override
  public List<CreatableTopicConfigs> effective(Map<String, String> topicOverrides) {
    return new TreeMap<>(topicOverrides)
        .entrySet().stream()
            .map(own -> new CreatableTopicConfigs().setName(own.getKey()).setValue(own.getValue()))
            .toList();
  }

  @Override
  public void validate(ConfigResource resource, Map<String, String> overrides) {
    if (resource.type() != ConfigResource.Type.TOPIC) {
      return;
    }
    overrides.forEach((key, value) -> {
      if (!KEYS.contains(key)) {
        throw new InvalidConfigurationException("Unknown topic config name: " + key);
      }
      if (key.equals("segment.bytes") && Integer.parseInt(value) < 1024) {
        throw new InvalidConfigurationException("Invalid value for segment.bytes: " + value);
      }
    });
  }

  @Override
  public boolean isList(ConfigResource.Type type, String key) {
    return key.equals("cleanup.policy");
  }

  @Override
  public @Nullable String defaultValue(ConfigResource.Type type, String key) {
    return key.equals("cleanup.policy") ? "delete" : null;
  }

  @Override
  public boolean isTiered(Map<String, String> topicOverrides) {
    return "true".equals(topicOverrides.get("remote.storage.enable"));
  }
}
