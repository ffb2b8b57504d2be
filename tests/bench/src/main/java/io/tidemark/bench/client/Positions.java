package io.tidemark.bench.client;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Where a reader stands in each of its partitions, and where they end. Used by one thread. */
final class Positions {
  private final int[] partitions;
  private final long[] next; // by partition
  private final long[] end;
  private final long[] told;

  /**
   * @param partitions those that are read
   */
  Positions(int[] partitions) {
    this.partitions = partitions;
    int count = IntStream.of(partitions).max().orElse(-1) + 1;
    this.next = new long[count];
    this.end = new long[count];
    this.told = new long[count];
    Arrays.fill(told, -1);
  }

  int[] partitions() {
    return partitions;
  }

  /** The partitions that have moved since this was asked last. */
  int[] moved() {
    int[] moved =
        IntStream.of(partitions).filter(partition -> next[partition] != told[partition]).toArray();
    for (int partition : moved) {
      told[partition] = next[partition];
    }
    return moved;
  }

  long next(int partition) {
    return next[partition];
  }

  void advance(int partition, long offset) {
    next[partition] = offset;
  }

  void sawEnd(int partition, long offset) {
    end[partition] = offset;
  }

  /** Whether the ends seen last have been reached. */
  boolean areAtEnd() {
    return IntStream.of(partitions).allMatch(partition -> next[partition] >= end[partition]);
  }
}
