package io.tidemark.log.partition;

/** How the last process that held a log directory ended, and so how far its logs can be trusted. */
public enum StopKind {
  /** There was none. */
  FIRST_START,
  /** It closed everything. */
  CLEAN,
  /** It died, the machine did not: all it wrote is there, at most the last write is torn. */
  PROCESS_DIED,
  /** The machine went down: what was not forced may be lost, and replicas must not be trusted. */
  UNCLEAN
}
