package io.tidemark.log.replica;

/**
 * Replicas of this process that lead alone above simulated disks: made once, because a tested state
 * is made millions of times, and changed by nobody.
 */
public final class StressedReplica {
  private static final Replica FIRST = new ReplicaNode(1).start().leadAlone(1);
  private static final Replica SECOND = new ReplicaNode(2).start().leadAlone(1);

  private StressedReplica() {}

  /** One replica. */
  public static Replica first() {
    return FIRST;
  }

  /** Another one. */
  public static Replica second() {
    return SECOND;
  }
}
