package io.tidemark.log.replica;

import java.util.ArrayList;
import java.util.List;

/**
 * Which part of one log is young on the {@link ByteClock}: a few samples of (offset, clock), oldest
 * first. What was written before this process started counts as cold. Written by whoever drains the
 * partition, read from any thread.
 */
final class Warmth {
  /** Samples that a warm range is made of; the range is known to one part in so many. */
  private static final int SAMPLES = 32;

  private record Sample(long offset, long clock) {}

  private final ByteClock clock;
  // Volatile because readers of any thread see a whole list of samples, oldest first.
  private volatile List<Sample> samples = List.of();

  Warmth(ByteClock clock) {
    this.clock = clock;
  }

  /** Batches beginning at this offset have been appended. */
  void appended(long baseOffset, long sizeBytes) {
    long now = clock.advance(sizeBytes);
    List<Sample> old = samples;
    if (!old.isEmpty() && now - old.getLast().clock < clock.warmBytes() / SAMPLES) {
      return;
    }
    List<Sample> next = new ArrayList<>(old.subList(firstWarm(old, now), old.size()));
    next.add(new Sample(baseOffset, now));
    samples = List.copyOf(next);
  }

  /** The log was cut: what comes at the same offsets is written anew. */
  void clear() {
    samples = List.of();
  }

  /** Whether records from this offset on are likely to be in the page cache. */
  boolean isWarm(long offset) {
    List<Sample> known = samples;
    int first = firstWarm(known, clock.now());
    return first < known.size() && known.get(first).offset <= offset;
  }

  private int firstWarm(List<Sample> known, long now) {
    int first = 0;
    while (first < known.size() && known.get(first).clock < now - clock.warmBytes()) {
      first++;
    }
    return first;
  }
}
