package io.tidemark.log.replica;

import io.tidemark.log.partition.Admission;

/**
 * Mistakes one could make in a replica's core, to be put into its classes by tests that show that
 * the simulation notices. Called from broken code only.
 */
public final class BrokenReplicas {
  private BrokenReplicas() {}

  /** A follower cuts its log one record too late. */
  static long oneMore(long truncationOffset) {
    return truncationOffset + 1;
  }

  /** A replica begins inside a batch. */
  static long oneFurther(ReplicaTurn turn, long offset) {
    return offset + 1;
  }

  /** Kafka before KIP-101. */
  static void cutAtHighWatermark(ReplicaTurn turn, FollowerAssignment assignment) {
    turn.truncateTo(turn.view().highWatermark(), () -> {});
  }

  /** An addition that is under way does not count. */
  static boolean holdsOnlyAsCommitted(
      Leading<?> leading, int id, FollowerState follower, long nowMs) {
    return leading.isr().committed().contains(id);
  }

  /** Any number of replicas will do. */
  static boolean neverUnderMinIsr(Leading<?> leading) {
    return false;
  }

  /** A retry is acknowledged at once, committed or not. */
  static long duplicatesEndAtOnce(AppendDrain.Placed placed) {
    return placed.admission() instanceof Admission.Admitted admitted ? admitted.lastOffset() : -1;
  }

  /** What is committed may leave the disk, whether the bucket has it or not. */
  static long deletableBeforeTheCommit(CoreOffsets offsets) {
    return offsets.highWatermark();
  }
}
