package io.tidemark.gateway.net;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a client may keep a connection waiting. A pure policy.
 *
 * <p>A begun request must be complete within the receive time-out plus the time its bytes take at
 * 32 KiB/s, so that a slow line may still send a large request while a byte now and then does not
 * count. What the client is owed must move within the write time-out. A connection that does
 * neither may be idle for {@code connections.max.idle.ms}.
 */
final class Patience {
  static final long NOT_SO = -1;

  private static final int MIN_BYTES_PER_MS = 32;

  private final long maxIdleNs;
  private final long receiveTimeoutNs;
  private final long writeTimeoutNs;

  Patience(ConnectionSettings settings) {
    maxIdleNs = TimeUnit.MILLISECONDS.toNanos(settings.maxIdleMs());
    receiveTimeoutNs = TimeUnit.MILLISECONDS.toNanos(settings.receiveTimeoutMs());
    writeTimeoutNs = TimeUnit.MILLISECONDS.toNanos(settings.writeTimeoutMs());
  }

  /** How often to look, so that no limit is overrun by more than a quarter or a second. */
  long sweepIntervalMs() {
    long shortestNs = Math.min(maxIdleNs, Math.min(receiveTimeoutNs, writeTimeoutNs));
    return Math.clamp(TimeUnit.NANOSECONDS.toMillis(shortestNs) / 4, 10, 1_000);
  }

  /**
   * Whether to close, and why.
   *
   * @param silentNs since anything was received or owed
   * @param receivingNs since the present request began, or {@link #NOT_SO}
   * @param receivedBytes of that request
   * @param stuckNs since the client last took a byte of what it is owed, or {@link #NOT_SO}
   */
  @Nullable CloseReason verdict(long silentNs, long receivingNs, int receivedBytes, long stuckNs) {
    if (stuckNs > writeTimeoutNs) {
      return CloseReason.SLOW_READER;
    }
    long earnedNs = TimeUnit.MILLISECONDS.toNanos(receivedBytes / MIN_BYTES_PER_MS);
    if (receivingNs > receiveTimeoutNs + earnedNs) {
      return CloseReason.SLOW_REQUEST;
    }
    return silentNs > maxIdleNs ? CloseReason.IDLE : null;
  }
}
