package io.tidemark.log.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Appends that wait for the high watermark, by the offset it must reach. In order of appending but
 * for duplicates, which wait for their original.
 */
final class CommitQueue<T> {
  private record Waiting<T>(long endOffset, long arrival, T token) {}

  private static final Comparator<Waiting<?>> ORDER =
      Comparator.<Waiting<?>>comparingLong(Waiting::endOffset).thenComparingLong(Waiting::arrival);

  // Small, for there are two of these for each partition and most never hold anything.
  private final PriorityQueue<Waiting<T>> waiting = new PriorityQueue<>(1, ORDER);
  private long arrivals;

  void add(long endOffset, T token) {
    waiting.add(new Waiting<>(endOffset, arrivals++, token));
  }

  /** Removes and returns, in order, those whose end offset the high watermark has reached. */
  List<T> reached(long highWatermark) {
    List<T> reached = new ArrayList<>();
    for (Waiting<T> first = waiting.peek();
        first != null && first.endOffset <= highWatermark;
        first = waiting.peek()) {
      reached.add(waiting.remove().token);
    }
    return reached;
  }

  List<T> all() {
    return reached(Long.MAX_VALUE);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }
}
