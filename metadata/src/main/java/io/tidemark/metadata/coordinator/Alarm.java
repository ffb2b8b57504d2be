package io.tidemark.metadata.coordinator;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * One timer that is always set to the earliest moment asked for. It may ring early, never late by
 * more than the timer service is. Used on one lane; rings there too.
 */
final class Alarm {
  private final ScheduledExecutorService timers;
  private final Time time;
  private final Runnable ring;

  private long setForMs = Long.MAX_VALUE;
  private @Nullable Future<?> timer;

  /**
   * @param ring called by the timer's thread: hands over to the lane, which calls {@link #rang}
   *     first
   */
  Alarm(ScheduledExecutorService timers, Time time, Runnable ring) {
    this.timers = timers;
    this.time = time;
    this.ring = ring;
  }

  /** Rings at this moment at the latest. */
  void setFor(long monotonicMs) {
    if (monotonicMs >= setForMs) {
      return;
    }
    cancel();
    setForMs = monotonicMs;
    long delayMs = Math.max(0, monotonicMs - time.hiResClockMs());
    try {
      timer = timers.schedule(ring, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException shutDown) {
      // The node is closing; nothing is due any more.
      timer = null;
    }
  }

  void rang() {
    timer = null;
    setForMs = Long.MAX_VALUE;
  }

  void cancel() {
    Future<?> current = timer;
    if (current != null) {
      current.cancel(false);
    }
    rang();
  }
}
