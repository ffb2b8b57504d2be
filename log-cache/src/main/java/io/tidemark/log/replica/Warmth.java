package io.tidemark.log.replica;

import java.util.Arrays;

/**
 * Which part of one log is young on the {@link ByteClock}: a few samples of (offset, clock), oldest first. What was written before this
 * process started counts as cold. Written by whoever drains the partition, read from any thread.
 */
final class Warmth {
  /** Samples that a warm range is made of; the range is known to one part in so many. */
  private static final int SAMPLES = 32;

  private record Samples(long[] offsets, long[] clocks) {}

  private final ByteClock clock;
  // Volatile because readers of any thread see a whole set of samples.
  private volatile Samples samples = new Samples(new long[0], new long[0]);

  Warmth(ByteClock clock) {
    this.clock = clock;
  }

  /** Batches beginning at this offset have been appended. */
  void appended(long baseOffset, long sizeBytes) {
    long now = clock.advance(sizeBytes);
    Samples old = samples;
    int count = old.clocks.length;
    if (count > 0 && now - old.clocks[count - 1] < clock.warmBytes() / SAMPLES) {
      return;
    }
    int dropped = firstWarm(old, now);
    long[] offsets = Arrays.copyOfRange(old.offsets, dropped, count + 1);
    long[] clocks = Arrays.copyOfRange(old.clocks, dropped, count + 1);
    offsets[count - dropped] = baseOffset;
    clocks[count - dropped] = now;
    samples = new Samples(offsets, clocks);
  }

  /** The log was cut: what comes at the same offsets is written anew. */
  void clear() {
    samples = new Samples(new long[0], new long[0]);
  }

  /** Whether records from this offset on are likely to be in the page cache. */
  boolean isWarm(long offset) {
    Samples now = samples;
    int first = firstWarm(now, clock.now());
    return first < now.offsets.length && now.offsets[first] <= offset;
  }

  private int firstWarm(Samples of, long now) {
    int first = 0;
    while (first < of.clocks.length && of.clocks[first] < now - clock.warmBytes()) {
      first++;
    }
    return first;
  }
}
