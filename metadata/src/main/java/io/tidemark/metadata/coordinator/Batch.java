package io.tidemark.metadata.coordinator;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Records that are appended together, and the answers that leave when they are committed. Without
 * records it stands for what was loaded.
 */
final class Batch {
  private static final int MAX_RECORDS = 10_000;

  /** What a batch costs before its first record. */
  static final int HEADER_BYTES = 128;

  private final long bornMs;
  private List<CoordinatorRecord> records = new ArrayList<>();
  private List<Turn.Reply<?>> replies = new ArrayList<>();
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

  /** The log has them. */
  void forgetRecords() {
    records = List.of();
  }

  boolean hasRoomFor(long bytes, int count, int maxBytes) {
    return records.isEmpty()
        || (sizeBytes + bytes <= maxBytes && records.size() + count <= MAX_RECORDS);
  }

  void add(CoordinatorRecord record) {
    records.add(record);
    sizeBytes += record.sizeBytes();
  }

  /** Has the answers leave with this batch; once it has timed out they fail at once. */
  void await(List<Turn.Reply<?>> more) {
    if (timedOut) {
      refuse(more, Errors.REQUEST_TIMED_OUT);
    } else {
      replies.addAll(more);
    }
  }

  boolean isAwaited() {
    return !replies.isEmpty();
  }

  void committed() {
    List<Turn.Reply<?>> leaving = replies;
    replies = new ArrayList<>();
    leaving.forEach(Turn.Reply::send);
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
