package io.tidemark.tiering.store;

/**
 * When a failed call is made again: after {@code firstBackoffMs}, doubled each time up to {@code
 * maxBackoffMs}, of which half to all is waited; not after the deadline, which counts from the
 * first attempt.
 *
 * @param budget retries that may be made in a burst; each success earns a tenth of one, each second
 *     one more
 */
public record RetryPolicy(
    long firstBackoffMs, long maxBackoffMs, long readDeadlineMs, long writeDeadlineMs, int budget) {
  public static final RetryPolicy DEFAULTS = new RetryPolicy(50, 5_000, 30_000, 60_000, 200);

  /** Backoff before attempt {@code attempt + 1}, without jitter. */
  long backoffMs(int attempt) {
    return Math.min(maxBackoffMs, firstBackoffMs << Math.min(attempt - 1, 20));
  }
}
