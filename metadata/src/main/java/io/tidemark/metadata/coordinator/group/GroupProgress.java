package io.tidemark.metadata.coordinator.group;

import java.util.Map;

/**
 * How far a group has read a topic, at one moment.
 *
 * @param committed the committed offset of each partition that has one
 */
public record GroupProgress(String groupId, String topic, Map<Integer, Long> committed) {
  public GroupProgress {
    committed = Map.copyOf(committed);
  }
}
