package io.tidemark.gateway.net;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * How long a connection is not heard because its client has used more than it may (KIP-219). Used
 * by the connection's loop alone.
 */
final class Mute {
  private final Time time;
  private final ScheduledExecutorService loop;
  private final Runnable whenOver;
  private @Nullable ScheduledFuture<?> end;
  private long untilNs;

  Mute(Time time, ScheduledExecutorService loop, Runnable whenOver) {
    this.time = time;
    this.loop = loop;
    this.whenOver = whenOver;
  }

  boolean isOn() {
    return end != null;
  }

  /** Nothing is heard for so long from now; a longer silence that is under way stays. */
  void begin(int silenceMs) {
    long nextNs = time.nanoseconds() + TimeUnit.MILLISECONDS.toNanos(silenceMs);
    if (end != null) {
      if (untilNs - nextNs >= 0) {
        return;
      }
      end.cancel(false);
    }
    untilNs = nextNs;
    end = loop.schedule(this::over, silenceMs, TimeUnit.MILLISECONDS);
  }

  private void over() {
    end = null;
    whenOver.run();
  }

  /** The connection is gone. */
  void cancel() {
    if (end != null) {
      end.cancel(false);
      end = null;
    }
  }
}
