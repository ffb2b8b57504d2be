package io.tidemark.metadata.controller;

import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * What the controller must know of configurations, whose definitions live with the node. Pure;
 * called on the controller's thread.
 */
public interface ConfigPolicy {

  /**
   * Checks overrides as they would stand after a change.
   *
   * @param changed the keys that are being set, for limits that hold only when somebody sets them
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException naming key and reason: an
   *     unknown key, a value out of range, a combination that cannot be
   */
  void validate(
      ConfigResource resource,
      Map<String, String> overrides,
      Map<String, @Nullable String> changed);

  /** Whether values may be appended to and subtracted from a key: those of type LIST. */
  boolean isList(ConfigResource.Type type, String key);

  /** What a key is when nothing overrides it; null when it has no default or is unknown. */
  @Nullable String defaultValue(ConfigResource.Type type, String key);

  /** Whether a topic with these overrides may have objects in the store without any manifest. */
  boolean isTiered(Map<String, String> topicOverrides);
}
