package io.tidemark.gateway.security.audit;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Leaves out refusals that say the same again within a minute, so that a client that keeps asking
 * does not fill the log; the next one told says how many there were. Of the last {@value
 * #MAX_REMEMBERED} of them only. Used by one thread.
 */
final class Repeats {
  private static final long PERIOD_MS = 60_000;
  private static final int MAX_REMEMBERED = 1_000;
  private static final int LEFT_OUT = -1;

  private static final class Seen {
    private final long sinceMs;
    private int leftOut;

    Seen(long sinceMs) {
      this.sinceMs = sinceMs;
    }
  }

  private final Map<AuditEvent, Seen> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AuditEvent, Seen> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /** Negative to leave it out, else how many like it were left out before. */
  int admit(AuditEvent event, long timeMs) {
    if (!(event instanceof AuditEvent.Denial)) {
      return 0;
    }
    Seen before = seen.get(event);
    if (before != null && timeMs - before.sinceMs < PERIOD_MS) {
      before.leftOut++;
      return LEFT_OUT;
    }
    seen.remove(event);
    seen.put(event, new Seen(timeMs));
    return before == null ? 0 : before.leftOut;
  }
}
