package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.GroupEvent.GroupErased;
import io.tidemark.metadata.coordinator.group.GroupEvent.GroupWritten;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetCommitted;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetErased;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetPended;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The hard state of a partition's groups: what replaying its records gives, at any moment the same
 * as here. Changes by events alone. Filled by the loading thread, then used by one thread at a
 * time.
 */
final class GroupLedger {
  private final Map<String, WrittenGroup> groups = new HashMap<>();
  private final Map<String, GroupOffsets> offsets = new HashMap<>();
  private final PendingOffsets pending = new PendingOffsets();

  /** Decides the event: applies it and has its record appended. */
  void write(Turn turn, GroupEvent event) {
    write(turn, event, GroupRecordCodec.encode(event, turn.wallClockMs()));
  }

  /** As {@link #write(Turn, GroupEvent)} where the record is there already. */
  void write(Turn turn, GroupEvent event, CoordinatorRecord record) {
    apply(event);
    turn.append(record);
  }

  void apply(GroupEvent event) {
    switch (event) {
      case GroupWritten(String groupId, WrittenGroup group) -> groups.put(groupId, group);
      case GroupErased(String groupId) -> groups.remove(groupId);
      case OffsetCommitted(String groupId, String topic, int partition, CommittedOffset offset) -> {
        put(groupId, topic, partition, offset);
        pending.supersede(new OffsetKey(groupId, topic, partition));
      }
      case OffsetErased(String groupId, String topic, int partition) -> {
        offsets.computeIfPresent(
            groupId, (id, of) -> of.remove(topic, partition).isEmpty() ? null : of);
        pending.supersede(new OffsetKey(groupId, topic, partition));
      }
      case OffsetPended(
              TransactionalProducer producer,
              String groupId,
              String topic,
              int partition,
              CommittedOffset offset) ->
          pending.put(producer, new OffsetKey(groupId, topic, partition), offset);
    }
  }

  private void put(String groupId, String topic, int partition, CommittedOffset offset) {
    offsets.computeIfAbsent(groupId, id -> new GroupOffsets()).put(topic, partition, offset);
  }

  /** Decides the end of a producer's transaction: applies it and has it appended. */
  void end(Turn turn, TransactionEnd end) {
    apply(end);
    turn.append(end);
  }

  void apply(TransactionEnd end) {
    long producerId = end.producer().producerId();
    if (end.isCommit()) {
      pending
          .commit(producerId)
          .forEach((key, offset) -> put(key.groupId(), key.topic(), key.partition(), offset));
    } else {
      pending.abort(producerId);
    }
  }

  /** What open transactions have committed. */
  PendingOffsets pending() {
    return pending;
  }

  Map<String, WrittenGroup> groups() {
    return Collections.unmodifiableMap(groups);
  }

  /** The groups that have committed offsets. */
  Set<String> groupsWithOffsets() {
    return Collections.unmodifiableSet(offsets.keySet());
  }

  boolean hasGroup(String groupId) {
    return groups.containsKey(groupId);
  }

  /** How far every group has read every topic it has committed offsets of; copies. */
  List<GroupProgress> progress() {
    List<GroupProgress> progress = new ArrayList<>();
    offsets.forEach((groupId, of) ->
        of.byTopic()
            .forEach((topic, partitions) ->
                progress.add(new GroupProgress(groupId, topic, offsetsOf(partitions)))));
    return progress;
  }

  private static Map<Integer, Long> offsetsOf(Map<Integer, CommittedOffset> partitions) {
    return partitions.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> each.getValue().offset()));
  }

  /** The committed offsets of a group, empty ones when it has none. */
  GroupOffsets offsets(String groupId) {
    @Nullable GroupOffsets found = offsets.get(groupId);
    return found == null ? GroupOffsets.NONE : found;
  }
}
