package io.tidemark.gateway.net;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;

/**
 * Logs what clients can cause at will, at most twenty lines a second; the next line that gets
 * through says how many did not. Safe from any thread.
 */
final class QuietLog {
  private static final int LINES_PER_SECOND = 20;

  private final Logger log;
  private final Time time;
  private long secondStartNs; // guarded by this, as are the counts
  private int lines;
  private int withheld;

  QuietLog(Logger log, Time time) {
    this.log = log;
    this.time = time;
    this.secondStartNs = time.nanoseconds();
  }

  void info(String line) {
    int skipped = admit();
    if (skipped == 0) {
      log.info("{}", line);
    } else if (skipped > 0) {
      log.info("{} ({} such lines withheld)", line, skipped);
    }
  }

  /** −1 to stay silent, else how many lines were withheld before this one. */
  private synchronized int admit() {
    long now = time.nanoseconds();
    if (now - secondStartNs >= TimeUnit.SECONDS.toNanos(1)) {
      secondStartNs = now;
      lines = 0;
    }
    if (++lines > LINES_PER_SECOND) {
      withheld++;
      return -1;
    }
    int skipped = withheld;
    withheld = 0;
    return skipped;
  }
}
