package io.tidemark.log.scrub;

/**
 * Settings of the scrub.
 *
 * @param isEnabled whether closed segments are read again at all
 * @param intervalMs between the beginnings of two passes over all segments
 * @param maxBytesPerSecond read on all disks together
 */
public record ScrubSettings(boolean isEnabled, long intervalMs, double maxBytesPerSecond) {
  public static final ScrubSettings DEFAULTS = new ScrubSettings(true, 86_400_000, 10 << 20);
}
