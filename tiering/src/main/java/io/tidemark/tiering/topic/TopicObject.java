package io.tidemark.tiering.topic;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * A topic as the quorum has it at one version of the metadata.
 *
 * @param configs the topic's own settings, without the node's defaults
 */
public record TopicObject(
    Uuid topicId, String name, int partitions, long metadataVersion, Map<String, String> configs) {
  public TopicObject {
    configs = Map.copyOf(configs);
  }

  SortedMap<String, String> sortedConfigs() {
    return new TreeMap<>(configs);
  }
}
