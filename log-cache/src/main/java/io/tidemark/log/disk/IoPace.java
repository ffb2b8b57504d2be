package io.tidemark.log.disk;

/**
 * Keeps work on disks below a rate: who has read or written says so, and is told for how long to
 * pause. Shared by all threads; safe from any.
 */
public final class IoPace {
  private static final double NS_PER_SECOND = 1e9;

  private final double maxBytesPerSecond;

  /** When everything that was done would be over at the rate; guarded by this object's monitor. */
  private long paidUntilNs;

  public IoPace(double maxBytesPerSecond, long nowNs) {
    this.maxBytesPerSecond = maxBytesPerSecond;
    this.paidUntilNs = nowNs;
  }

  /** Takes note of bytes; returns the milliseconds after which the next may be touched. */
  public synchronized long pauseMs(long bytes, long nowNs) {
    double ns = bytes / maxBytesPerSecond * NS_PER_SECOND;
    paidUntilNs = Math.max(paidUntilNs - nowNs, 0) + nowNs + (long) ns;
    return (paidUntilNs - nowNs) / 1_000_000;
  }
}
