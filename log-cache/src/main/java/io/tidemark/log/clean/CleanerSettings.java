package io.tidemark.log.clean;

/**
 * Settings of a node's cleaner, with Kafka's meanings.
 *
 * @param isEnabled whether logs are cleaned at all
 * @param threads logs cleaned at the same time
 * @param dedupeBufferBytes memory for offset maps, of all threads together
 * @param loadFactor how full an offset map may become
 * @param maxBytesPerSecond bytes read and written, of all threads together
 * @param backoffMs between two looks when nothing had to be cleaned
 */
public record CleanerSettings(
    boolean isEnabled,
    int threads,
    long dedupeBufferBytes,
    double loadFactor,
    double maxBytesPerSecond,
    long backoffMs) {

  public static final CleanerSettings DEFAULTS =
      new CleanerSettings(true, 1, 128L << 20, 0.9, Double.MAX_VALUE, 15_000);

  /** How many entries the map of one thread has room for. */
  int mapSlots() {
    return Math.clamp(dedupeBufferBytes / threads / OffsetMap.SLOT_BYTES, 2, OffsetMap.MAX_SLOTS);
  }
}
