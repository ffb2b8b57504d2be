package io.tidemark.log.replica;

import java.util.Optional;

/**
 * How many replicas must have a batch before it is acknowledged, as the produce request says it.
 */
public enum Acks {
  /** The producer does not wait: completed as soon as the leader has appended. */
  NONE,
  /** Completed when the leader has appended. */
  LEADER,
  /**
   * Completed when the high watermark has passed the batch, on at least {@code min.insync.replicas}
   * replicas.
   */
  ALL;

  /** The wire's value; empty for any other than -1, 0, 1 (INVALID_REQUIRED_ACKS). */
  public static Optional<Acks> of(short wireValue) {
    return switch (wireValue) {
      case -1 -> Optional.of(ALL);
      case 0 -> Optional.of(NONE);
      case 1 -> Optional.of(LEADER);
      default -> Optional.empty();
    };
  }
}
