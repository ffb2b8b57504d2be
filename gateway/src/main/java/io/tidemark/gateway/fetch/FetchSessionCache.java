package io.tidemark.gateway.fetch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * The incremental fetch sessions of this node (KIP-227), at most {@code maxSessions}. When it is
 * full a new session gets in only over one that has not been used for {@code evictionMs}, or, when
 * a replica asks, over the consumer's session that has not been used for longest; a client that
 * does not get in goes on with full fetches. Safe from any thread; the lock guards the table only
 * and is held for no longer than a look-up.
 */
public final class FetchSessionCache {
  private final int maxSessions;
  private final long evictionMs;
  private final Time time;
  private final RandomGenerator random;
  private final Counter evictions;

  /** Least recently used first. */
  private final Map<Integer, Entry> sessions = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Entry {
    final FetchSession session;
    long usedAtMs;

    Entry(FetchSession session, long usedAtMs) {
      this.session = session;
      this.usedAtMs = usedAtMs;
    }
  }

  public FetchSessionCache(
      int maxSessions, long evictionMs, Time time, RandomGenerator random, MeterRegistry meters) {
    this.maxSessions = maxSessions;
    this.evictionMs = evictionMs;
    this.time = time;
    this.random = random;
    this.evictions =
        Counter.builder("tidemark.fetch.session.evictions")
            .description("Fetch sessions that had to make room for another.")
            .register(meters);
    Gauge.builder("tidemark.fetch.sessions", this, FetchSessionCache::size)
        .description("Incremental fetch sessions that are open.")
        .register(meters);
  }

  /** Finds a session and counts it as used. */
  synchronized Optional<FetchSession> find(int sessionId) {
    Entry entry = sessions.get(sessionId);
    if (entry == null) {
      return Optional.empty();
    }
    entry.usedAtMs = time.milliseconds();
    return Optional.of(entry.session);
  }

  /** Gives the session an id and keeps it, if there is room. */
  synchronized boolean add(FetchSession session) {
    if (maxSessions <= 0 || (sessions.size() >= maxSessions && !evictFor(session))) {
      return false;
    }
    session.openAs(newSessionId());
    sessions.put(session.id(), new Entry(session, time.milliseconds()));
    return true;
  }

  /** Forgets a session; the result is empty when there is none. Closing it is up to the caller. */
  synchronized Optional<FetchSession> remove(int sessionId) {
    Entry entry = sessions.remove(sessionId);
    return entry == null ? Optional.empty() : Optional.of(entry.session);
  }

  synchronized int size() {
    return sessions.size();
  }

  private boolean evictFor(FetchSession newcomer) {
    Entry victim = victimFor(newcomer);
    if (victim == null) {
      return false;
    }
    sessions.remove(victim.session.id());
    victim.session.closeOnItsLoop();
    evictions.increment();
    return true;
  }

  private @Nullable Entry victimFor(FetchSession newcomer) {
    Entry oldest = sessions.values().iterator().next();
    if (time.milliseconds() - oldest.usedAtMs > evictionMs) {
      return oldest;
    }
    if (!newcomer.isReplica()) {
      return null;
    }
    return sessions.values().stream()
        .filter(entry -> !entry.session.isReplica())
        .findFirst()
        .orElse(null);
  }

  private int newSessionId() {
    while (true) {
      int id = random.nextInt(1, Integer.MAX_VALUE);
      if (!sessions.containsKey(id)) {
        return id;
      }
    }
  }
}
