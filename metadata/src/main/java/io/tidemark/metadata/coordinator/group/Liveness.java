package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Deadline;
import io.tidemark.metadata.coordinator.Deadlines;
import io.tidemark.metadata.coordinator.Turn;

/** When members were heard of last, and when that counts as too long ago. */
final class Liveness {
  /**
   * How long a join of a member without id is kept. Its client cannot send heartbeats and may be
   * gone without a trace; one that is still there tries again.
   */
  private static final int NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1000;

  private final Deadlines deadlines;

  Liveness(Deadlines deadlines) {
    this.deadlines = deadlines;
  }

  void heardOf(Turn turn, Member member) {
    deadlines.set(member.session, turn.monotonicMs() + member.sessionTimeoutMs());
  }

  void joinedAnew(Turn turn, Member member) {
    deadlines.set(member.session, turn.monotonicMs() + NEW_MEMBER_JOIN_TIMEOUT_MS);
  }

  /** An id was given out: it has a session to come back with it. */
  void expect(Turn turn, Deadline pending, int sessionTimeoutMs) {
    deadlines.set(pending, turn.monotonicMs() + sessionTimeoutMs);
  }

  void forget(Deadline session) {
    deadlines.cancel(session);
  }
}
