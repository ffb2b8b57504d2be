package io.tidemark.metadata.controller;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.jspecify.annotations.Nullable;

/**
 * What the controller must know of configurations, whose definitions live with the node. Pure;
 * called on the controller's thread.
 */
public interface ConfigPolicy {

  /**
   * Checks the overrides of a resource that is to be created.
   *
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException naming key and reason: an
   *     unknown key, a value out of range, a combination that cannot be
   */
  void validate(ConfigResource resource, Map<String, String> overrides);

  /**
   * Checks a change of a resource that exists: what it leads to, as above, and the step itself.
   *
   * @param before the overrides as they are
   * @param after as they would be
   */
  void validateChange(
      ConfigResource resource, Map<String, String> before, Map<String, String> after);

  /** Everything that holds for a topic with these overrides, in alphabetical order. */
  List<CreatableTopicConfigs> effective(Map<String, String> topicOverrides);

  /** Whether values may be appended to and subtracted from a key: those of type LIST. */
  boolean isList(ConfigResource.Type type, String key);

  /** What a key is when nothing overrides it; null when it has no default or is unknown. */
  @Nullable String defaultValue(ConfigResource.Type type, String key);

  /** Whether a topic with these overrides may have objects in the store without any manifest. */
  boolean isTiered(Map<String, String> topicOverrides);
}
