package io.tidemark.metadata.event;

import io.tidemark.metadata.image.ImageDelta;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;

/** Gathers the names of what a fold changed. One thread. */
final class DeltaBuilder {
  private final Set<Uuid> createdTopics = new HashSet<>();
  private final Set<Uuid> deletedTopics = new HashSet<>();
  private final Map<Uuid, Set<Integer>> partitions = new HashMap<>();
  private final Set<Integer> nodes = new HashSet<>();
  private final Set<ConfigResource> configs = new HashSet<>();
  private final Set<Uuid> emptying = new HashSet<>();
  private boolean features;
  private boolean security;
  private boolean quotas;

  void topicCreated(Uuid id, int partitionCount) {
    createdTopics.add(id);
    for (int i = 0; i < partitionCount; i++) {
      partition(id, i);
    }
  }

  void topicDeleted(Uuid id) {
    partitions.remove(id);
    if (!createdTopics.remove(id)) {
      deletedTopics.add(id);
    }
  }

  void partition(Uuid topicId, int index) {
    partitions.computeIfAbsent(topicId, _ -> new HashSet<>()).add(index);
  }

  void node(int id) {
    nodes.add(id);
  }

  void config(ConfigResource resource) {
    configs.add(resource);
  }

  void features() {
    features = true;
  }

  void security() {
    security = true;
  }

  void quotas() {
    quotas = true;
  }

  void deletedTopic(Uuid id) {
    emptying.add(id);
  }

  ImageDelta build() {
    return new ImageDelta(
        Set.copyOf(createdTopics),
        Set.copyOf(deletedTopics),
        Map.copyOf(partitions),
        Set.copyOf(nodes),
        Set.copyOf(configs),
        features,
        Set.copyOf(emptying),
        security,
        quotas);
  }
}
