package io.tidemark.tiering.upload;

import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: doubling from the least to the most, with half of it
 * drawn at random so that partitions that failed together do not come back together.
 */
public record Backoff(long leastMs, long mostMs) {
  /** The wait before the next try after {@code failures} (at least one) in a row. */
  public long delayMs(int failures, RandomGenerator random) {
    int doublings = Math.min(failures - 1, 40);
    long ceiling = leastMs > mostMs >> doublings ? mostMs : Math.min(mostMs, leastMs << doublings);
    return ceiling / 2 + random.nextLong(ceiling / 2 + 1);
  }
}
