package io.tidemark.metadata.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What is appended together: records outside of transactions, or of one, or the end of one; and the
 * answers and effects that leave when it is committed. Without entries it stands for what was
 * loaded.
 */
final class Batch {
  private static final int MAX_RECORDS = 10_000;

  /** What a batch costs before its first record. */
  static final int HEADER_BYTES = 128;

  private final long bornMs;
  private List<CoordinatorRecord> records = new ArrayList<>();
  private @Nullable TransactionEnd end;
  private List<Turn.Reply<?>> replies = new ArrayList<>();
  private List<Runnable> effects = new ArrayList<>();
  private int sizeBytes = HEADER_BYTES;
  private boolean timedOut;

  Batch(long bornMs) {
    this.bornMs = bornMs;
  }

  long bornMs() {
    return bornMs;
  }

  List<CoordinatorRecord> records() {
    return records;
  }

  /** The end of a transaction that it is; null for records. */
  @Nullable TransactionEnd end() {
    return end;
  }

  /** The log has them. */
  void forgetRecords() {
    records = List.of();
  }

  boolean hasRoomFor(LogEntry entry, long bytes, int count, int maxBytes) {
    if (isEmpty()) {
      return true;
    }
    return isOfTheSame(entry)
        && sizeBytes + bytes <= maxBytes
        && records.size() + count <= MAX_RECORDS;
  }

  private boolean isEmpty() {
    return records.isEmpty() && end == null;
  }

  private boolean isOfTheSame(LogEntry entry) {
    return end == null
        && entry instanceof CoordinatorRecord record
        && Objects.equals(record.producer(), records.getLast().producer());
  }

  void add(LogEntry entry) {
    switch (entry) {
      case CoordinatorRecord record -> records.add(record);
      case TransactionEnd ending -> end = ending;
    }
    sizeBytes += entry.sizeBytes();
  }

  /** Has the answers leave with this batch; once it has timed out they fail at once. */
  void await(List<Turn.Reply<?>> more) {
    if (timedOut) {
      refuse(more, Errors.REQUEST_TIMED_OUT);
    } else {
      replies.addAll(more);
    }
  }

  void follow(List<Runnable> more) {
    effects.addAll(more);
  }

  boolean isAwaited() {
    return !replies.isEmpty();
  }

  void committed() {
    List<Turn.Reply<?>> leaving = replies;
    replies = new ArrayList<>();
    leaving.forEach(Turn.Reply::send);
    List<Runnable> due = effects;
    effects = new ArrayList<>();
    due.forEach(Runnable::run);
  }

  void timeOut() {
    List<Turn.Reply<?>> leaving = replies;
    replies = new ArrayList<>();
    timedOut = true;
    refuse(leaving, Errors.REQUEST_TIMED_OUT);
  }

  private static void refuse(List<Turn.Reply<?>> replies, Errors error) {
    replies.forEach(reply -> reply.answer().refuse(error));
  }
}
