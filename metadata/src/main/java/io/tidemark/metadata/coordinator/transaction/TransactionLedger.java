package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.Turn;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hard state of a partition's transactional ids: what replaying its records gives, at any
 * moment the same as here. Filled by the loading thread, then used by one thread at a time.
 */
final class TransactionLedger {
  private final Map<String, TransactionMetadata> byId = new HashMap<>();
  private final BooleanSupplier isCompact;
  private final TransactionMeters.Counts counts;

  /**
   * @param isCompact whether the cluster has finalised transaction.version 1 or later
   */
  TransactionLedger(BooleanSupplier isCompact, TransactionMeters.Counts counts) {
    this.isCompact = isCompact;
    this.counts = counts;
  }

  /** Decides what becomes of an id: applies it and has its record appended. */
  void write(Turn turn, String id, TransactionMetadata metadata) {
    turn.append(
        TransactionRecordCodec.encode(id, metadata, isCompact.getAsBoolean(), turn.wallClockMs()));
    put(id, metadata);
  }

  void erase(Turn turn, String id) {
    turn.append(TransactionRecordCodec.encode(id, null, true, turn.wallClockMs()));
    put(id, null);
  }

  void replay(CoordinatorRecord record) {
    var value = record.value();
    put(
        TransactionRecordCodec.id(record),
        value == null ? null : TransactionRecordCodec.value(value));
  }

  private void put(String id, @Nullable TransactionMetadata metadata) {
    TransactionMetadata before = metadata == null ? byId.remove(id) : byId.put(id, metadata);
    counts.changed(
        before == null ? null : before.state(), metadata == null ? null : metadata.state());
  }

  @Nullable TransactionMetadata find(String id) {
    return byId.get(id);
  }

  Map<String, TransactionMetadata> all() {
    return Collections.unmodifiableMap(byId);
  }
}
