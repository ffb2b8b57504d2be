package io.tidemark.gateway.fetch;

import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a fetch session: where the client stands, and what it has been told. Belongs to
 * the session's event loop.
 */
final class FetchedPartition {
  private static final long NOTHING_TOLD = -1L;

  /** The value of the field in requests that do not have it. */
  private static final long SAYS_NOTHING = Long.MAX_VALUE;

  final PartitionKey key;
  final FetchSession session;

  private FetchPartition position;
  private long toldHighWatermark = NOTHING_TOLD;
  private long toldLastStableOffset = NOTHING_TOLD;
  private long toldLogStartOffset = NOTHING_TOLD;

  private LoopWatches.@Nullable SharedWatch watch;
  private @Nullable SlowRead slowRead;

  FetchedPartition(PartitionKey key, FetchSession session, FetchPartition position) {
    this.key = key;
    this.session = session;
    this.position = position;
    hearHighWatermark();
  }

  /** Where the client stands, as it last said. */
  FetchPartition position() {
    return position;
  }

  void moveTo(FetchPartition newPosition) {
    position = newPosition;
    hearHighWatermark();
  }

  /** A follower says what it knows (KIP-1166), so that it is told no more than is news. */
  private void hearHighWatermark() {
    long known = position.highWatermark();
    if (known >= 0 && known < SAYS_NOTHING) {
      toldHighWatermark = known;
    }
  }

  /**
   * Whether a client in an incremental session must hear of this view although there are no
   * records.
   */
  boolean hasNews(SeenOffsets view) {
    return view.highWatermark() != toldHighWatermark
        || view.lastStableOffset() != toldLastStableOffset
        || view.logStartOffset() != toldLogStartOffset;
  }

  /** Whether more of what the follower has is committed than it knows. */
  boolean hasNewHighWatermark(SeenOffsets view) {
    return Math.min(view.highWatermark(), position.fetchOffset()) > toldHighWatermark;
  }

  void told(SeenOffsets view) {
    toldHighWatermark = view.highWatermark();
    toldLastStableOffset = view.lastStableOffset();
    toldLogStartOffset = view.logStartOffset();
  }

  /** At least what the client has been told already: nothing goes back. */
  SeenOffsets notBelowTold(SeenOffsets view) {
    return new SeenOffsets(
        view.topic(),
        Math.max(view.highWatermark(), toldHighWatermark),
        Math.max(view.lastStableOffset(), toldLastStableOffset),
        Math.max(view.logStartOffset(), toldLogStartOffset));
  }

  /** After an error everything is told anew. */
  void toldError() {
    toldHighWatermark = NOTHING_TOLD;
    toldLastStableOffset = NOTHING_TOLD;
    toldLogStartOffset = NOTHING_TOLD;
  }

  LoopWatches.@Nullable SharedWatch watch() {
    return watch;
  }

  void watchBy(LoopWatches.@Nullable SharedWatch newWatch) {
    watch = newWatch;
  }

  @Nullable SlowRead slowRead() {
    return slowRead;
  }

  /** Replaces the read under way or waiting to be fetched; the former one is given up. */
  void readBy(@Nullable SlowRead newRead) {
    if (slowRead != null && slowRead != newRead) {
      slowRead.close();
    }
    slowRead = newRead;
  }
}
