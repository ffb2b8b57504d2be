package io.tidemark.log.replica;

import org.apache.kafka.common.protocol.Errors;

/** What {@link ReplicaCore} wants done. {@code T} is whatever the shell gave it to wait with. */
sealed interface Decision<T> {

  /** The append is committed. */
  record Acknowledge<T>(T waiting) implements Decision<T> {}

  /** The append will not be acknowledged. */
  record GiveUp<T>(T waiting, Errors error) implements Decision<T> {}

  /** Send this to the quorum, and tell the core what it said. */
  record Propose<T>(IsrProposal proposal) implements Decision<T> {}
}
