package io.tidemark.metadata.coordinator.transaction;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of transactional ids beyond their records, while this core lives: it makes repeated
 * requests harmless and deadlines exact, and nothing depends on it.
 */
final class SoftStates {
  /** Of one id; used by the core's thread alone. */
  static final class SoftState {
    /** The epoch whose holder was given the present one; a repetition gets the same answer. */
    short lastEpoch = TransactionMetadata.NO_EPOCH;

    /** The producer that had the id has been put out by a new one. */
    boolean isFenced;

    /** When the open transaction has to be over, on the monotonic clock. */
    long openUntilMs = Long.MAX_VALUE;
  }

  private static final SoftState NOTHING_KNOWN = new SoftState();

  private final Map<String, SoftState> byId = new HashMap<>();

  /** To be changed. */
  SoftState of(String id) {
    return byId.computeIfAbsent(id, created -> new SoftState());
  }

  /** To be looked at. */
  SoftState look(String id) {
    @Nullable SoftState known = byId.get(id);
    return known == null ? NOTHING_KNOWN : known;
  }

  void forget(String id) {
    byId.remove(id);
  }
}
