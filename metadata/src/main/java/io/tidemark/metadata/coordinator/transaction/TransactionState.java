package io.tidemark.metadata.coordinator.transaction;

import java.util.Optional;

/** The states of Kafka's transactional ids, by their published numbers and names. */
enum TransactionState {
  EMPTY(0, "Empty"),
  ONGOING(1, "Ongoing"),
  PREPARE_COMMIT(2, "PrepareCommit"),
  PREPARE_ABORT(3, "PrepareAbort"),
  COMPLETE_COMMIT(4, "CompleteCommit"),
  COMPLETE_ABORT(5, "CompleteAbort"),
  /** Of an id that is being removed; not used here. */
  DEAD(6, "Dead"),
  /** Of an id whose producer is being fenced; not used here. */
  PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

  private final int id;
  private final String publicName;

  TransactionState(int id, String publicName) {
    this.id = id;
    this.publicName = publicName;
  }

  int id() {
    return id;
  }

  String publicName() {
    return publicName;
  }

  boolean isPrepared() {
    return this == PREPARE_COMMIT || this == PREPARE_ABORT;
  }

  boolean isCompleted() {
    return this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
  }

  /**
   * The state with a number.
   *
   * @throws IllegalArgumentException when there is none
   */
  static TransactionState of(int id) {
    for (TransactionState state : values()) {
      if (state.id == id) {
        return state;
      }
    }
    throw new IllegalArgumentException("transaction state " + id);
  }

  static Optional<TransactionState> named(String publicName) {
    for (TransactionState state : values()) {
      if (state.publicName.equals(publicName)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
