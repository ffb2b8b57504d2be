package io.tidemark.gateway.quota;

import java.util.concurrent.TimeUnit;

/**
 * Over what time use is averaged.
 *
 * @param count windows that are remembered, the one under way among them ({@code quota.window.num})
 * @param windowNs how long each is ({@code quota.window.size.seconds})
 * @param originNs some moment at which a window began
 */
public record QuotaWindows(int count, long windowNs, long originNs) {

  public static QuotaWindows ofSeconds(int count, int seconds, long originNs) {
    return new QuotaWindows(count, TimeUnit.SECONDS.toNanos(seconds), originNs);
  }

  /** The number of the window a moment is in. */
  long numberAt(long nowNs) {
    return Math.floorDiv(nowNs - originNs, windowNs);
  }

  long startOf(long number) {
    return originNs + number * windowNs;
  }

  /** What a rate comes to in all windows but the one under way; at least 1. */
  long bringsAtOnce(double perSecond) {
    double seconds = (double) Math.max(1, count - 1) * windowNs / TimeUnit.SECONDS.toNanos(1);
    return Math.max(1, (long) (perSecond * seconds));
  }

  long spanNs() {
    return count * windowNs;
  }
}
