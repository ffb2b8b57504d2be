package io.tidemark.log.replica;

/** How far a reader may see. */
public enum Isolation {
  /** Replicas: up to the log end. */
  LOG_END,
  /** {@code read_uncommitted} consumers: up to the high watermark. */
  HIGH_WATERMARK,
  /** {@code read_committed} consumers: up to the last stable offset. */
  COMMITTED
}
