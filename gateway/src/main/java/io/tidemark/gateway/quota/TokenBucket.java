package io.tidemark.gateway.quota;

import java.util.concurrent.TimeUnit;

/**
 * Permits that come at a steady rate and are kept for a while (KIP-599): whoever was quiet may take
 * as many at once as all windows together bring. One request may take more than there are; then
 * nobody gets any until the debt is paid. Safe from any thread.
 */
final class TokenBucket {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final double burstSeconds;
  private double tokens; // all guarded by this
  private long filledNs;
  private boolean isNew = true;

  TokenBucket(QuotaWindows windows) {
    this.burstSeconds = windows.spanNs() / NANOS;
  }

  /** Takes permits unless there is a debt; false takes none. */
  synchronized boolean tryTake(double permits, double perSecond, long nowNs) {
    fill(perSecond, nowNs);
    if (tokens < 0) {
      return false;
    }
    tokens -= permits;
    return true;
  }

  /** Takes permits whether there are any or not. */
  synchronized void take(double permits, double perSecond, long nowNs) {
    fill(perSecond, nowNs);
    tokens -= permits;
  }

  /** How long until the debt is paid; nanoseconds. */
  synchronized long waitNs(double perSecond, long nowNs) {
    fill(perSecond, nowNs);
    return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perSecond * NANOS);
  }

  private void fill(double perSecond, long nowNs) {
    double most = perSecond * burstSeconds;
    double since = isNew ? burstSeconds : (nowNs - filledNs) / NANOS;
    tokens = Math.min(most, tokens + since * perSecond);
    filledNs = nowNs;
    isNew = false;
  }

  /** Whether a new one would say the same. */
  synchronized boolean isForgotten(long nowNs) {
    return tokens >= 0 && (nowNs - filledNs) / NANOS > burstSeconds;
  }
}
