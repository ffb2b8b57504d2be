package io.tidemark.tiering;

import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes failures of the cold tier to the log without flooding it: the first of a kind at once,
 * then one line a minute with how many there were. A store that is away makes thousands of
 * partitions fail; it is one event. Any thread.
 */
final class FailureLog {
  private static final Logger log = LoggerFactory.getLogger(FailureLog.class);
  private static final long INTERVAL_MS = 60_000;

  private final Map<FailureKind, Told> kinds = new EnumMap<>(FailureKind.class);

  private static final class Told {
    private long loggedMs;
    private long since;
  }

  /** Notes a failure; {@code nowMs} is monotonic. */
  synchronized void failed(FailureKind kind, String what, long nowMs) {
    Told told = kinds.get(kind);
    if (told == null) {
      told = new Told();
      told.loggedMs = nowMs;
      kinds.put(kind, told);
      log.warn("Tiering failed ({}), retrying: {}", kind, what);
      return;
    }
    told.since++;
    if (nowMs - told.loggedMs >= INTERVAL_MS) {
      log.warn("Tiering failed {} more times ({}), retrying; the last: {}", told.since, kind, what);
      told.loggedMs = nowMs;
      told.since = 0;
    }
  }

  /** A turn went well: a kind that has been quiet for a minute is news again when it returns. */
  synchronized void succeeded(long nowMs) {
    kinds.values().removeIf(told -> nowMs - told.loggedMs >= INTERVAL_MS && told.since == 0);
  }
}
