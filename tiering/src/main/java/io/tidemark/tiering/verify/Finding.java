package io.tidemark.tiering.verify;

import org.apache.kafka.common.TopicIdPartition;

/** Something that is not as the committed manifest says. */
public record Finding(Kind kind, TopicIdPartition partition, String key, String detail) {
  /** What is wrong. */
  public enum Kind {
    /** An object that the manifest needs is not there. */
    MISSING,
    /** An object's size, checksum, batches or offsets are not what they should be. */
    CORRUPT,
    /** Between two segments there are offsets that nothing holds. */
    GAP,
    /** An object that nothing refers to; the sweep will find it. Not an error by itself. */
    UNREFERENCED,
    /** The store or the quorum could not be asked. */
    UNREADABLE
  }

  /** Whether data is in danger, or may be. */
  public boolean isProblem() {
    return kind != Kind.UNREFERENCED;
  }
}
