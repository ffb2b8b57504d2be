package io.tidemark.bench.client;

import java.util.stream.IntStream;

/** Where a reader stands in each of its partitions, and where they end. Used by one thread. */
final class Positions {
  private final int[] partitions;
  private final long[] next; // by partition
  private final long[] end;
  private int turn;

  /**
   * @param partitions those that are read
   */
  Positions(int[] partitions) {
    this.partitions = partitions;
    int count = IntStream.of(partitions).max().orElse(-1) + 1;
    this.next = new long[count];
    this.end = new long[count];
  }

  int[] partitions() {
    return partitions;
  }

  /** The partitions in another order each time, so that none is always the last to fit. */
  int[] inTurn() {
    int[] order = new int[partitions.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = partitions[(i + turn) % order.length];
    }
    turn++;
    return order;
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
