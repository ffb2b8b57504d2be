package io.tidemark.metadata.coordinator;

import java.util.function.Consumer;

/**
 * Something that happens at a time unless put off or cancelled. Belongs to its {@link Deadlines}.
 */
public final class Deadline {
  static final long NEVER = Long.MAX_VALUE;

  private final Consumer<Turn> action;

  /** When it is due; moves freely. */
  long dueMs = NEVER;

  /** Where its entry lies in the queue, NEVER when there is none. At most {@link #dueMs}. */
  long queuedMs = NEVER;

  Deadline(Consumer<Turn> action) {
    this.action = action;
  }

  public boolean isSet() {
    return dueMs != NEVER;
  }

  void run(Turn turn) {
    action.accept(turn);
  }
}
