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
  private static final int MAX_STALE = 1_000;

  private final PriorityQueue<Entry> queue = new PriorityQueue<>();
  private long sequence;

  /** Roughly how many entries nobody waits for any more. */
  private int stale;

  /** A deadline that is not set yet. */
  public Deadline create(Consumer<Turn> action) {
    return new Deadline(action);
  }

  /** Sets the deadline, or moves it to another time, later or earlier. */
  public void set(Deadline deadline, long dueMs) {
    deadline.dueMs = dueMs;
    if (dueMs < deadline.queuedMs) {
      stale += deadline.queuedMs == Deadline.NEVER ? 0 : 1;
      enqueue(deadline);
      compact();
    }
  }

  public void cancel(Deadline deadline) {
    if (deadline.isSet()) {
      deadline.dueMs = Deadline.NEVER;
      stale++;
      compact();
    }
  }

  /** Takes stale entries out once they are most of the queue. */
  private void compact() {
    if (stale > MAX_STALE && stale > queue.size() / 2) {
      queue.removeIf(entry -> !entry.isAwaited());
      stale = 0;
    }
  }

  /** Entries in the queue, stale ones too. */
  int size() {
    return queue.size();
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
    /** Forgets a cancelled deadline's place, so that it is queued anew when it is set again. */
    boolean isAwaited() {
      if (deadline.queuedMs != atMs) {
        return false;
      }
      if (!deadline.isSet()) {
        deadline.queuedMs = Deadline.NEVER;
        return false;
      }
      return true;
    }

    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(atMs, other.atMs);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
