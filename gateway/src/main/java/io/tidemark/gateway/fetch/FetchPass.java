package io.tidemark.gateway.fetch;

import java.util.ArrayList;
import java.util.List;

/**
 * One walk over the partitions that a session must be told about, in their order, until the
 * response is full.
 */
final class FetchPass {
  private final FetchParameters fetch;
  private final List<PartitionAnswer> answers = new ArrayList<>();
  private int sizeBytes;
  private boolean isUrgent;

  private FetchPass(FetchParameters fetch) {
    this.fetch = fetch;
  }

  /**
   * @param isFull whether every partition is answered, also those that do not fit any more
   */
  static FetchPass over(
      FetchSession session, FetchParameters fetch, boolean isFull, PartitionLook reader) {
    FetchPass pass = new FetchPass(fetch);
    try {
      pass.read(session, isFull, reader);
      return pass;
    } catch (RuntimeException e) {
      pass.answers.forEach(answer -> answer.onDiscard().run());
      throw e;
    }
  }

  private void read(FetchSession session, boolean isFull, PartitionLook reader) {
    for (FetchedPartition partition : session.dirty()) {
      int room = fetch.maxBytes() - sizeBytes;
      if (room <= 0 && !isFull) {
        break;
      }
      add(reader.read(partition, fetch, Math.max(0, room), room > 0 && sizeBytes == 0));
    }
  }

  private void add(PartitionAnswer answer) {
    answers.add(answer);
    sizeBytes += answer.sizeBytes();
    isUrgent |= answer.endsWait() || (fetch.isReplica() && isBehind(answer));
  }

  /** A follower hears of a new high watermark at once: its own readers wait for it. */
  private static boolean isBehind(PartitionAnswer answer) {
    return answer.view() != null && answer.partition().hasNewHighWatermark(answer.view());
  }

  List<PartitionAnswer> answers() {
    return answers;
  }

  boolean isEnough() {
    return isUrgent || sizeBytes >= fetch.minBytes();
  }

  /**
   * Gives back what was read; partitions with nothing to tell need not be looked at again until
   * they change.
   */
  void discard(FetchSession session) {
    for (PartitionAnswer answer : answers) {
      answer.onDiscard().run();
      if (!answer.isNews() && !answer.mayHaveMore()) {
        session.markClean(answer.partition());
      }
    }
  }
}
