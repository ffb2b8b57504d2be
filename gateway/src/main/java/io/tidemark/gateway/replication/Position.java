package io.tidemark.gateway.replication;

import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;

/**
 * Where a follower's log ends.
 *
 * @param offset its log end
 * @param lastEpoch which leader epoch wrote the record before; -1 when unknown
 * @param highWatermark what it knows to be committed
 * @param isBelowTier whether it has nothing, and everything up to its end and beyond is in the
 *     bucket
 */
record Position(
    long offset, int lastEpoch, long logStartOffset, long highWatermark, boolean isBelowTier) {
  private static final int UNKNOWN_EPOCH = -1;

  static Position of(Replica replica) {
    ReplicaView view = replica.view();
    return new Position(
        view.logEndOffset(),
        replica.lineage().latestEpoch().orElse(UNKNOWN_EPOCH),
        view.logStartOffset(),
        view.highWatermark(),
        view.localLogStartOffset() == view.logEndOffset()
            && view.logEndOffset() < view.tieredOffset());
  }
}
