package io.tidemark.metadata.coordinator;

import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * The deadlines of a core. Putting one off, which every heartbeat does, costs a field: its entry
 * stays where it is in the queue and moves when it comes up.
 *
 * <p>Used by the core's thread alone. Times are monotonic milliseconds.
 */
public final class Deadlines {
  private final PriorityQueue<Entry> queue = new PriorityQueue<>();
  private long sequence;

  /** A deadline that is not set yet. */
  public Deadline create(Consumer<Turn> action) {
    return new Deadline(action);
  }

  /** Sets the deadline, or moves it to another time, later or earlier. */
  public void set(Deadline deadline, long dueMs) {
    deadline.dueMs = dueMs;
    if (dueMs < deadline.queuedMs) {
      enqueue(deadline);
    }
  }

  public void cancel(Deadline deadline) {
    deadline.dueMs = Deadline.NEVER;
  }

  /** Not before this moment is anything due. */
  public long nextMs() {
    Entry first = queue.peek();
    return first == null ? Deadline.NEVER : first.atMs;
  }

  /** Runs everything due at the turn's time, in order of time and then of setting. */
  public void run(Turn turn) {
    for (Entry first = queue.peek();
        first != null && first.atMs <= turn.monotonicMs();
        first = queue.peek()) {
      queue.remove();
      if (first.deadline.queuedMs == first.atMs) {
        first.deadline.queuedMs = Deadline.NEVER;
        runOrRequeue(first.deadline, turn);
      }
    }
  }

  private void runOrRequeue(Deadline deadline, Turn turn) {
    if (deadline.dueMs <= turn.monotonicMs()) {
      deadline.dueMs = Deadline.NEVER;
      deadline.run(turn);
    } else if (deadline.isSet()) {
      enqueue(deadline);
    }
  }

  private void enqueue(Deadline deadline) {
    deadline.queuedMs = deadline.dueMs;
    queue.add(new Entry(deadline.dueMs, sequence++, deadline));
  }

  private record Entry(long atMs, long sequence, Deadline deadline) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(atMs, other.atMs);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
