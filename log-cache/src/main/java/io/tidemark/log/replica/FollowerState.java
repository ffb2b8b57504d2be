package io.tidemark.log.replica;

/**
 * What a leader knows of one follower. Written by {@link Leading} alone.
 *
 * <p>A follower is caught up at a time when it had everything the leader had at that time. As it
 * only reports in its fetches, a fetch at the leader's log end of the fetch before proves that it
 * was caught up then.
 */
final class FollowerState {
  static final long UNKNOWN_OFFSET = -1L;
  // Far enough in the past for any clock, and safe to subtract from any.
  private static final long NEVER_MS = Long.MIN_VALUE / 2;

  private NodeEpoch node;
  private long logEndOffset = UNKNOWN_OFFSET;
  private long lastCaughtUpMs;
  private long lastFetchMs = NEVER_MS;
  private long leaderEndAtLastFetch = UNKNOWN_OFFSET;

  /**
   * A new leader knows nothing of its followers; members of the ISR get the benefit of the doubt.
   */
  FollowerState(int nodeId, boolean isInIsr, long nowMs) {
    this.node = new NodeEpoch(nodeId, NodeEpoch.UNKNOWN);
    this.lastCaughtUpMs = isInIsr ? nowMs : NEVER_MS;
  }

  /** Takes up a fetch; false when it comes from an earlier life of the node and was ignored. */
  boolean fetched(FollowerProgress progress, long leaderEndOffset, long nowMs) {
    if (progress.node().epoch() < node.epoch()) {
      return false;
    }
    if (progress.fetchOffset() >= leaderEndOffset) {
      lastCaughtUpMs = Math.max(lastCaughtUpMs, nowMs);
    } else if (leaderEndAtLastFetch != UNKNOWN_OFFSET
        && progress.fetchOffset() >= leaderEndAtLastFetch) {
      lastCaughtUpMs = Math.max(lastCaughtUpMs, lastFetchMs);
    }
    node = progress.node();
    logEndOffset = progress.fetchOffset();
    leaderEndAtLastFetch = leaderEndOffset;
    lastFetchMs = nowMs;
    return true;
  }

  /**
   * The leader's log has grown from this end: who had everything until now was caught up now, even
   * if it does not fetch an idle partition.
   */
  void leaderGrewFrom(long leaderEndOffset, long nowMs) {
    if (logEndOffset == leaderEndOffset) {
      lastCaughtUpMs = Math.max(lastCaughtUpMs, nowMs);
    }
  }

  boolean isCaughtUp(long leaderEndOffset, long nowMs, long lagTimeMaxMs) {
    return logEndOffset == leaderEndOffset || nowMs - lastCaughtUpMs <= lagTimeMaxMs;
  }

  /** {@link #UNKNOWN_OFFSET} until its first fetch in this leader epoch. */
  long logEndOffset() {
    return logEndOffset;
  }

  NodeEpoch node() {
    return node;
  }
}
