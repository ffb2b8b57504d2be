package io.tidemark.gateway.replication;

import org.apache.kafka.common.TopicIdPartition;

/**
 * One partition that this node follows in one leader epoch.
 *
 * <pre>
 *               asked for                 answered with something to do
 *   WAITING ───────────────▶ FETCHING ─────────────────────────────────▶ WORKING
 *    ▲  ▲                        │ nothing, or an error                     │ done
 *    │  └────────────────────────┘                                          │
 *    └──────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * Belongs to its lane's core; {@link #lag} may be read by anybody.
 */
final class FollowedPartition {
  private static final long FIRST_BACKOFF_MS = 20;
  private static final int MOST_DOUBLINGS = 16;

  enum State {
    WAITING,
    FETCHING,
    WORKING
  }

  final TopicIdPartition id;
  final PartitionRef ref;
  final int leaderEpoch;
  private State state = State.WAITING;
  private int failures;

  // Volatile because meters read them.
  private volatile Position position;
  private volatile long leaderHighWatermark;

  FollowedPartition(TopicIdPartition id, int leaderEpoch, Position position) {
    this.id = id;
    this.ref = new PartitionRef(id.topicId(), id.partition());
    this.leaderEpoch = leaderEpoch;
    this.position = position;
  }

  State state() {
    return state;
  }

  Position position() {
    return position;
  }

  /** Records the leader has committed and this replica has not. */
  long lag() {
    return Math.max(0, leaderHighWatermark - position.offset());
  }

  void waits() {
    state = State.WAITING;
  }

  void isFetched() {
    state = State.FETCHING;
  }

  void works() {
    state = State.WORKING;
  }

  /** Something was done. */
  void standsAt(Position now) {
    position = now;
    failures = 0;
  }

  /** The leader has answered, and there is nothing to do. */
  void hasNoNews() {
    failures = 0;
  }

  /** Nothing worked. */
  void remainsAt(Position now) {
    position = now;
  }

  void leaderCommitted(long highWatermark) {
    leaderHighWatermark = highWatermark;
  }

  /** Whether it has worked until now. */
  boolean isFirstFailure() {
    return failures == 0;
  }

  /** The next one is longer, until something works again. */
  long nextBackoffMs(long mostMs) {
    long backoffMs = FIRST_BACKOFF_MS << Math.min(failures, MOST_DOUBLINGS);
    failures++;
    return Math.min(backoffMs, mostMs);
  }
}
