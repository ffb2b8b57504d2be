package io.tidemark.metadata.coordinator;

import java.util.ArrayList;
import java.util.List;

/**
 * One event a core decides on: the time it happens at, and what came of it: records, already
 * applied to the core's state, and answers that leave once those records, and all before them, are
 * committed.
 *
 * <p>Belongs to the thread that took the turn.
 */
public final class Turn {
  private final long wallClockMs;
  private final long monotonicMs;
  private final List<CoordinatorRecord> records = new ArrayList<>();
  private final List<Reply<?>> replies = new ArrayList<>();

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

  /** Adds a record the core has applied. Those of one turn stay in one batch as far as they fit. */
  public void append(CoordinatorRecord record) {
    records.add(record);
  }

  public <T> void answer(Answer<T> answer, T response) {
    replies.add(new Reply<>(answer, response));
  }

  public List<CoordinatorRecord> records() {
    return records;
  }

  List<Reply<?>> replies() {
    return replies;
  }

  /** A response on its way to whoever awaits it. */
  record Reply<T>(Answer<T> answer, T response) {
    void send() {
      answer.complete(response);
    }
  }
}
