package io.tidemark.metadata.coordinator;

import java.util.ArrayList;
import java.util.List;

/**
 * One event a core decides on: the time it happens at, and what came of it: entries of the log,
 * already applied to the core's state, and answers and effects that leave once those entries, and
 * all before them, are committed.
 *
 * <p>Belongs to the thread that took the turn.
 */
public final class Turn {
  private final long wallClockMs;
  private final long monotonicMs;
  private final List<LogEntry> entries = new ArrayList<>();
  private final List<Reply<?>> replies = new ArrayList<>();
  private final List<Runnable> effects = new ArrayList<>();

  public Turn(long wallClockMs, long monotonicMs) {
    this.wallClockMs = wallClockMs;
    this.monotonicMs = monotonicMs;
  }

  /** For what is written down. */
  public long wallClockMs() {
    return wallClockMs;
  }

  /** For how long something may take; never jumps. */
  public long monotonicMs() {
    return monotonicMs;
  }

  /**
   * Adds an entry the core has applied. Records of one turn and one transaction stay in one batch
   * as far as they fit.
   */
  public void append(LogEntry entry) {
    entries.add(entry);
  }

  public <T> void answer(Answer<T> answer, T response) {
    replies.add(new Reply<>(answer, response));
  }

  /**
   * Does something beyond this coordinator once everything applied so far is committed, however
   * long that takes; never when the core is dropped before.
   *
   * @param effect short; runs on the coordinator's lane
   */
  public void whenCommitted(Runnable effect) {
    effects.add(effect);
  }

  public List<LogEntry> entries() {
    return entries;
  }

  List<Reply<?>> replies() {
    return replies;
  }

  List<Runnable> effects() {
    return effects;
  }

  /** A response on its way to whoever awaits it. */
  record Reply<T>(Answer<T> answer, T response) {
    void send() {
      answer.complete(response);
    }
  }
}
