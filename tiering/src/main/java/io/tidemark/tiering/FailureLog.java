package io.tidemark.tiering;

import java.util.HashMap;
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

  private final Map<String, Kind> kinds = new HashMap<>();

  private static final class Kind {
    private long loggedMs;
    private long since;
  }

  /** Notes a failure; {@code nowMs} is monotonic. */
  synchronized void failed(String kindName, String what, long nowMs) {
    Kind kind = kinds.get(kindName);
    if (kind == null) {
      kind = new Kind();
      kind.loggedMs = nowMs;
      kinds.put(kindName, kind);
      log.warn("Tiering failed ({}), retrying: {}", kindName, what);
      return;
    }
    kind.since++;
    if (nowMs - kind.loggedMs >= INTERVAL_MS) {
      log.warn(
          "Tiering failed {} more times ({}), retrying; the last: {}", kind.since, kindName, what);
      kind.loggedMs = nowMs;
      kind.since = 0;
    }
  }

  /** A turn went well: a kind that has been quiet for a minute is news again when it returns. */
  synchronized void succeeded(long nowMs) {
    kinds.values().removeIf(kind -> nowMs - kind.loggedMs >= INTERVAL_MS && kind.since == 0);
  }
}
