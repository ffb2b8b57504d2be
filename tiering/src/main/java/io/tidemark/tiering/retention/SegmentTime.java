package io.tidemark.tiering.retention;

/**
 * The time retention counts a segment's age from, in milliseconds since the epoch.
 *
 * <p>It is the largest record timestamp, as in Kafka, within two bounds that keep a wrong clock of
 * a producer from deciding about data:
 *
 * <ul>
 *   <li>never later than the moment the segment was last written: a record stamped in the future
 *       does not pin its segment, and everything after it, for ever;
 *   <li>a largest timestamp before 1971 (also −1, none) is an unset clock and not an event time:
 *       the moment of writing counts instead, so data stamped 1970 is kept as long as its
 *       neighbours;
 *   <li>a moment of writing before 1971 is one nobody knows and bounds nothing.
 * </ul>
 *
 * <p>Segments leave from the old end only, so an expired one behind a fresh one waits for it.
 */
public final class SegmentTime {
  /** 1971-01-01T00:00:00Z. */
  static final long EARLIEST_CREDIBLE_MS = 31_536_000_000L;

  private SegmentTime() {}

  /** The time of a segment whose largest timestamp and last write are given. */
  public static long of(long maxTimestampMs, long writtenMs) {
    if (maxTimestampMs < EARLIEST_CREDIBLE_MS) {
      return writtenMs;
    }
    if (writtenMs < EARLIEST_CREDIBLE_MS) {
      return maxTimestampMs;
    }
    return Math.min(maxTimestampMs, writtenMs);
  }
}
