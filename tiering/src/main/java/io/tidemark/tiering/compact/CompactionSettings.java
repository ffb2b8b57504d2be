package io.tidemark.tiering.compact;

/**
 * How the store is compacted.
 *
 * @param concurrency partitions that are rewritten at once; 0 for none at all
 * @param mapBytes memory for keys, of all of them together
 * @param objectBytes size at which an object is full
 * @param mergeSegments small neighbours that are merged, at least
 * @param maxBytesPerSecond bytes read and written, of all of them together
 * @param checkMs between two looks at a partition whose last one failed or found nothing
 */
public record CompactionSettings(
    int concurrency,
    long mapBytes,
    int objectBytes,
    int mergeSegments,
    double maxBytesPerSecond,
    long checkMs) {
  /** How full the map of keys may become. */
  static final double LOAD_FACTOR = 0.9;

  public static final CompactionSettings DEFAULTS =
      new CompactionSettings(1, 64L << 20, 64 << 20, 8, Double.MAX_VALUE, 15_000);

  public boolean isEnabled() {
    return concurrency > 0;
  }

  long mapBytesEach() {
    return mapBytes / Math.max(1, concurrency);
  }
}
