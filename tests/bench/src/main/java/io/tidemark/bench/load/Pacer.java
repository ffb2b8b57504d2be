package io.tidemark.bench.load;

import java.util.concurrent.locks.LockSupport;

/**
 * The moments at which an open-loop client is due to send: fixed in advance, whatever the server
 * does. A client that falls behind sends at once until it has caught up, and its records keep the
 * moments at which they were due, so that a server that stalls is charged for all who had to wait.
 */
final class Pacer {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Above this rate a client sends what has become due each millisecond. */
  private static final int PRECISE_RATE = 2000;

  private static final long COARSE_NANOS = 1_000_000;

  private final long startNanos;
  private final int perSecond;

  Pacer(long startNanos, int perSecond) {
    this.startNanos = startNanos;
    this.perSecond = perSecond;
  }

  /** When the record of that number, counted from 0, is due. */
  long dueNanos(long number) {
    return startNanos + number * NANOS_PER_SECOND / perSecond;
  }

  /** Waits until the moment, on the clock of {@link System#nanoTime}. */
  void await(long dueNanos) {
    long early;
    while ((early = dueNanos - System.nanoTime()) > 0) {
      LockSupport.parkNanos(perSecond > PRECISE_RATE ? Math.max(early, COARSE_NANOS) : early);
    }
  }
}
