package io.tidemark.bench.client;

import java.util.Locale;

/**
 * What a client has sent or received.
 *
 * @param bytes of record batches
 * @param nanos from the first request until the last answer
 */
public record Load(long records, long bytes, long requests, long nanos) {
  public static final Load NONE = new Load(0, 0, 0, 0);

  /** Both together, done at the same time. */
  public Load with(Load other) {
    return new Load(
        records + other.records,
        bytes + other.bytes,
        requests + other.requests,
        Math.max(nanos, other.nanos));
  }

  public double seconds() {
    return nanos / 1e9;
  }

  public double megabytesPerSecond() {
    return bytes / 1e6 / seconds();
  }

  public double recordsPerSecond() {
    return records / seconds();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.1f MB/s, %.0f records/s, %.0f requests/s (%d records, %.1f MB, %.2f s)",
        megabytesPerSecond(),
        recordsPerSecond(),
        requests / seconds(),
        records,
        bytes / 1e6,
        seconds());
  }
}
