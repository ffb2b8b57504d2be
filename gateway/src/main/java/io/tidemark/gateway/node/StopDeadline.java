package io.tidemark.gateway.node;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;

/**
 * The one time limit of a stop, shared by everything that waits while the node closes: each may
 * wait for as long as it is worth, and never past the end. Before {@link #begin} (a start that
 * failed) there is no end. Begun and asked by the thread that closes the node.
 */
final class StopDeadline {
  /** Enough to look once whether something is done already. */
  private static final long LEAST_MS = 50;

  private final Time time;
  private final long limitMs;
  private boolean isBegun;
  private long endNs;

  StopDeadline(Time time, long limitMs) {
    this.time = time;
    this.limitMs = limitMs;
  }

  /** The stop begins now. */
  void begin() {
    isBegun = true;
    endNs = time.nanoseconds() + TimeUnit.MILLISECONDS.toNanos(limitMs);
  }

  /** What a part that would like to wait for so long may wait. */
  long allowedMs(long wantedMs) {
    if (!isBegun) {
      return wantedMs;
    }
    long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - time.nanoseconds());
    return Math.clamp(leftMs, LEAST_MS, Math.max(LEAST_MS, wantedMs));
  }
}
