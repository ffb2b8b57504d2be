package io.tidemark.tiering;

import java.util.List;

/** The node's sums and maxima over its topics. */
record TierTotals(long waitingBytes, long waitingSegments, long oldestWaitingMs, long lagMs) {
  static final TierTotals NONE = new TierTotals(0, 0, 0, 0);

  static TierTotals of(List<TopicTier> topics) {
    return new TierTotals(
        topics.stream().mapToLong(TopicTier::waitingBytes).sum(),
        topics.stream().mapToLong(TopicTier::waitingSegments).sum(),
        topics.stream().mapToLong(TopicTier::oldestWaitingMs).max().orElse(0),
        topics.stream().mapToLong(TopicTier::lagMs).max().orElse(0));
  }
}
