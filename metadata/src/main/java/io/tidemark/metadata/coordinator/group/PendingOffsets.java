package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Offsets committed within transactions that have not ended: they count once the transaction is
 * committed, unless a later commit of the same partition came meanwhile. Part of a {@link
 * GroupLedger}; without open transactions it costs a look at an empty map.
 */
final class PendingOffsets {
  /**
   * An offset that may come to count.
   *
   * @param order rises with the place in the log
   */
  record Pending(CommittedOffset offset, long order) {}

  private static final class OfProducer {
    short producerEpoch;
    final Map<OffsetKey, Pending> offsets = new LinkedHashMap<>();
  }

  private final Map<Long, OfProducer> byProducer = new HashMap<>();
  private final Map<OffsetKey, Set<Long>> producersOf = new HashMap<>();
  private final Map<String, Integer> keysOfGroup = new HashMap<>();
  private long order;

  void put(TransactionalProducer producer, OffsetKey key, CommittedOffset offset) {
    OfProducer of = byProducer.computeIfAbsent(producer.producerId(), id -> new OfProducer());
    of.producerEpoch = producer.producerEpoch();
    of.offsets.put(key, new Pending(offset, order++));
    Set<Long> producers =
        producersOf.computeIfAbsent(
            key,
            added -> {
              keysOfGroup.merge(key.groupId(), 1, Integer::sum);
              return new HashSet<>(2);
            });
    producers.add(producer.producerId());
  }

  /** A later commit of the partition counts, whatever becomes of open transactions. */
  void supersede(OffsetKey key) {
    supersede(key, Long.MAX_VALUE);
  }

  private void supersede(OffsetKey key, long beforeOrder) {
    Set<Long> producers = byProducer.isEmpty() ? Set.of() : producersOf.getOrDefault(key, Set.of());
    for (long producerId : List.copyOf(producers)) {
      OfProducer of = byProducer.get(producerId);
      if (of != null && isBefore(of.offsets.get(key), beforeOrder)) {
        of.offsets.remove(key);
        forget(key, producerId);
        if (of.offsets.isEmpty()) {
          byProducer.remove(producerId);
        }
      }
    }
  }

  private static boolean isBefore(@Nullable Pending pending, long order) {
    return pending != null && pending.order() < order;
  }

  /** The producer's transaction is committed: what counts now, and counts no longer as pending. */
  Map<OffsetKey, CommittedOffset> commit(long producerId) {
    Map<OffsetKey, CommittedOffset> counting = new LinkedHashMap<>();
    take(producerId)
        .forEach((key, pending) -> {
          counting.put(key, pending.offset());
          supersede(key, pending.order());
        });
    return counting;
  }

  void abort(long producerId) {
    take(producerId);
  }

  private Map<OffsetKey, Pending> take(long producerId) {
    OfProducer of = byProducer.remove(producerId);
    if (of == null) {
      return Map.of();
    }
    of.offsets.keySet().forEach(key -> forget(key, producerId));
    return of.offsets;
  }

  private void forget(OffsetKey key, long producerId) {
    producersOf.computeIfPresent(
        key,
        (known, producers) -> {
          producers.remove(producerId);
          if (!producers.isEmpty()) {
            return producers;
          }
          keysOfGroup.computeIfPresent(key.groupId(), (id, count) -> count == 1 ? null : count - 1);
          return null;
        });
  }

  /** Whether this producer, in this epoch, has offsets pending here. */
  boolean isOpen(TransactionalProducer producer) {
    OfProducer of = byProducer.get(producer.producerId());
    return of != null && of.producerEpoch == producer.producerEpoch();
  }

  boolean isPending(OffsetKey key) {
    return producersOf.containsKey(key);
  }

  boolean hasAny(String groupId) {
    return keysOfGroup.containsKey(groupId);
  }

  /** The groups that have any; a copy. */
  List<String> groups() {
    return List.copyOf(keysOfGroup.keySet());
  }

  /** Everything pending, by producer; copies. */
  Map<Long, Map<OffsetKey, Pending>> all() {
    Map<Long, Map<OffsetKey, Pending>> all = new HashMap<>();
    byProducer.forEach((producerId, of) -> all.put(producerId, Map.copyOf(of.offsets)));
    return all;
  }

  /** What is pending of a group; a copy. */
  Map<OffsetKey, CommittedOffset> ofGroup(String groupId) {
    Map<OffsetKey, CommittedOffset> found = new HashMap<>();
    if (hasAny(groupId)) {
      byProducer
          .values()
          .forEach(of ->
              of.offsets.forEach((key, pending) -> {
                if (key.groupId().equals(groupId)) {
                  found.put(key, pending.offset());
                }
              }));
    }
    return found;
  }
}
