package io.tidemark.metadata.coordinator.group;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The committed offsets of one group. Belongs to its {@link GroupLedger}. */
final class GroupOffsets {
  /** Of a group without any; never changed. */
  static final GroupOffsets NONE = new GroupOffsets();

  private final Map<String, Map<Integer, CommittedOffset>> byTopic = new HashMap<>(4);

  void put(String topic, int partition, CommittedOffset offset) {
    byTopic.computeIfAbsent(topic, name -> new HashMap<>(4)).put(partition, offset);
  }

  @CanIgnoreReturnValue
  GroupOffsets remove(String topic, int partition) {
    byTopic.computeIfPresent(
        topic,
        (name, partitions) -> {
          partitions.remove(partition);
          return partitions.isEmpty() ? null : partitions;
        });
    return this;
  }

  @Nullable CommittedOffset get(String topic, int partition) {
    Map<Integer, CommittedOffset> partitions = byTopic.get(topic);
    return partitions == null ? null : partitions.get(partition);
  }

  Map<String, Map<Integer, CommittedOffset>> byTopic() {
    return Collections.unmodifiableMap(byTopic);
  }

  Map<Integer, CommittedOffset> ofTopic(String topic) {
    Map<Integer, CommittedOffset> partitions = byTopic.get(topic);
    return partitions == null ? Map.of() : Collections.unmodifiableMap(partitions);
  }

  boolean isEmpty() {
    return byTopic.isEmpty();
  }
}
