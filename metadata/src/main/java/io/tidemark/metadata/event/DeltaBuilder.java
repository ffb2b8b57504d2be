package io.tidemark.metadata.event;

import io.tidemark.metadata.image.ImageDelta;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;

/** Gathers the names of what a fold changed, in the order of the events. One thread. */
final class DeltaBuilder {
  private final Set<Uuid> createdTopics = new LinkedHashSet<>();
  private final Set<Uuid> deletedTopics = new LinkedHashSet<>();
  private final Map<Uuid, Set<Integer>> partitions = new LinkedHashMap<>();
  private final Set<Integer> nodes = new LinkedHashSet<>();
  private final Set<ConfigResource> configs = new LinkedHashSet<>();
  private final Set<Uuid> emptying = new LinkedHashSet<>();
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
    partitions.computeIfAbsent(topicId, _ -> new LinkedHashSet<>()).add(index);
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
        copy(createdTopics),
        copy(deletedTopics),
        Collections.unmodifiableMap(new LinkedHashMap<>(partitions)),
        copy(nodes),
        copy(configs),
        features,
        copy(emptying),
        security,
        quotas);
  }

  private static <T> Set<T> copy(Set<T> names) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(names));
  }
}
