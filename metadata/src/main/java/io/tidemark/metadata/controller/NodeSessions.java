package io.tidemark.metadata.controller;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * When each node was last heard of, on monotonic time. In the memory of the controller that leads;
 * a new one starts all sessions anew. One thread: the controller's.
 */
final class NodeSessions {

  private record Session(long epoch, long heardNs, long version) {}

  private final long timeoutNs;
  private final Map<Integer, Session> sessions = new HashMap<>();

  NodeSessions(long timeoutMs) {
    this.timeoutNs = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
  }

  void clear() {
    sessions.clear();
  }

  /**
   * Notes a heartbeat.
   *
   * @param version the image the node had
   */
  void heard(int nodeId, long epoch, long version, long nowNs) {
    sessions.put(nodeId, new Session(epoch, nowNs, version));
  }

  /** Starts a session that nothing was heard in yet, so that silence can end it. */
  void begin(int nodeId, long epoch, long nowNs) {
    sessions.put(nodeId, new Session(epoch, nowNs, NOT_HEARD));
  }

  private static final long NOT_HEARD = Long.MIN_VALUE;

  /** Whether this very incarnation has sent a heartbeat and is not overdue. */
  boolean isHeard(int nodeId, long epoch, long nowNs) {
    Session session = sessions.get(nodeId);
    return session != null
        && session.epoch() == epoch
        && session.version() != NOT_HEARD
        && !isOverdue(session, nowNs);
  }

  /** Whether the node has been silent for longer than a session lasts. */
  boolean isOverdue(int nodeId, long epoch, long nowNs) {
    Session session = sessions.get(nodeId);
    return session != null && session.epoch() == epoch && isOverdue(session, nowNs);
  }

  /** Whether this very incarnation has sent a heartbeat after a moment. */
  boolean isHeardSince(int nodeId, long epoch, long sinceNs) {
    Session session = sessions.get(nodeId);
    return session != null
        && session.epoch() == epoch
        && session.version() != NOT_HEARD
        && session.heardNs() - sinceNs > 0;
  }

  private boolean isOverdue(Session session, long nowNs) {
    return nowNs - session.heardNs() > timeoutNs;
  }

  /** The image the node had when it was last heard of; the least number when it was not. */
  long versionOf(int nodeId) {
    Session session = sessions.get(nodeId);
    return session == null ? NOT_HEARD : session.version();
  }
}
