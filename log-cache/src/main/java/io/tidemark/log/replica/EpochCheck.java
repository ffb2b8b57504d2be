package io.tidemark.log.replica;

import io.tidemark.log.epoch.EpochEnd;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Pure rules about leader epochs: who is fenced, and where two histories part. */
final class EpochCheck {
  private EpochCheck() {}

  /** What a log knows of its own epochs' ends. */
  @FunctionalInterface
  interface EpochEnds {
    EpochEnd endOffsetForEpoch(int epoch);
  }

  /**
   * Why a replica in {@code leaderEpoch} refuses a request made under {@code requestEpoch} (-1:
   * any), or empty. The epoch is looked at first: a reader that is behind is told so, one that is
   * ahead comes again.
   */
  static Optional<Errors> refuses(
      int leaderEpoch, boolean isLeader, int requestEpoch, boolean leaderOnly) {
    if (requestEpoch >= 0 && requestEpoch < leaderEpoch) {
      return Optional.of(Errors.FENCED_LEADER_EPOCH);
    }
    if (requestEpoch > leaderEpoch) {
      return Optional.of(Errors.UNKNOWN_LEADER_EPOCH);
    }
    return leaderOnly && !isLeader ? Optional.of(Errors.NOT_LEADER_OR_FOLLOWER) : Optional.empty();
  }

  /**
   * Whether a reader at {@code fetchOffset}, whose last record is of {@code lastFetchedEpoch}, has
   * another history.
   *
   * @param end where that epoch ends here
   * @return {@code end} for the reader to cut back to, or null when the histories agree
   */
  static @Nullable EpochEnd divergence(EpochEnd end, int lastFetchedEpoch, long fetchOffset) {
    return end.epoch() < lastFetchedEpoch || end.endOffset() < fetchOffset ? end : null;
  }

  /**
   * Where a follower cuts its log when its leader has answered a fetch with a divergence (KIP-279,
   * KIP-595): to the common end of the largest epoch both may have. If they do not have the
   * leader's epoch in common the next fetch asks again with an earlier one, so this ends after at
   * most as many steps as there are epochs.
   *
   * @return the new log end offset, at most the present one
   */
  static long truncationOffset(EpochEnd leaderEnd, EpochEnds own, long logEndOffset) {
    EpochEnd ownEnd = own.endOffsetForEpoch(leaderEnd.epoch());
    if (ownEnd.endOffset() < 0) {
      return Math.min(leaderEnd.endOffset(), logEndOffset);
    }
    long commonEnd =
        ownEnd.epoch() == leaderEnd.epoch()
            ? Math.min(ownEnd.endOffset(), leaderEnd.endOffset())
            : ownEnd.endOffset();
    return Math.min(commonEnd, logEndOffset);
  }
}
