package io.tidemark.log;

/** Who hands batches to a log, which decides what is checked and who sets the offsets. */
public enum AppendOrigin {
  /** A producer: offsets are set here, sequences and producer epochs are checked. */
  CLIENT,
  /** A coordinator of this node: offsets are set here, producer epochs are checked. */
  COORDINATOR,
  /** The leader of the partition: offsets and epochs are already in the batches. */
  REPLICA
}
