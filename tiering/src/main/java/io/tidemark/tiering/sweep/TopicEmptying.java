package io.tidemark.tiering.sweep;

/**
 * How far the emptying of a deleted topic is. The core of {@link TopicSweep}; times are those of
 * one monotonic clock.
 *
 * <pre>
 *   seen ──delay──▶ pass: found some ─┐◀─┐
 *                     │               └──┘ delay
 *                     ▼ found none
 *                   pass after another delay: none again ──▶ emptied
 * </pre>
 *
 * The first delay lets uploads of the dying topic end; the last pass comes a delay after one that
 * found nothing, for those that were slower. Uploaders of a deleted topic also remove what they
 * put.
 */
public record TopicEmptying(long nextPassMs, boolean foundNone) {
  /** A deleted topic that was just heard of. */
  public static TopicEmptying begin(long nowMs, long delayMs) {
    return new TopicEmptying(nowMs + delayMs, false);
  }

  public boolean isDue(long nowMs) {
    return nowMs >= nextPassMs;
  }

  /** Whether a pass that found nothing is the last one. */
  public boolean isLast() {
    return foundNone;
  }

  /** The state after a pass. */
  public TopicEmptying after(boolean found, long nowMs, long delayMs) {
    return new TopicEmptying(nowMs + delayMs, !found);
  }
}
