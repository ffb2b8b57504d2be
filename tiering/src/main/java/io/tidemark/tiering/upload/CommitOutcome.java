package io.tidemark.tiering.upload;

/** How a manifest commit ended, every lost answer resolved as far as the quorum could be asked. */
public enum CommitOutcome {
  /** The manifest is current. */
  COMMITTED,
  /** Another manifest is: load it and begin anew. What was written for this one is an orphan. */
  STALE,
  /** This node does not lead the partition any more, or the partition is gone. */
  FENCED
}
