package io.tidemark.log.replica;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What a follower has appended last and not forced yet, where acknowledgements wait for that. Its
 * leader takes the offset of the next fetch for what the follower has on its disk, so there must be
 * no next fetch before. A follower appends one answer after the other: one waits at most. Belongs
 * to whoever drains the partition.
 */
final class Unforced {
  private long endOffset;
  private @Nullable CompletableFuture<Long> waiting;

  /**
   * Done with the log end once it counts.
   *
   * @param countedEndOffset the end that counts already
   */
  CompletableFuture<Long> until(long logEndOffset, long countedEndOffset) {
    cutTo(logEndOffset); // an answer of an earlier epoch, which nobody waits for any more
    if (logEndOffset <= countedEndOffset) {
      return CompletableFuture.completedFuture(logEndOffset);
    }
    CompletableFuture<Long> done = new CompletableFuture<>();
    endOffset = logEndOffset;
    waiting = done;
    return done;
  }

  /** Everything below the offset counts. */
  void forced(long upTo) {
    if (endOffset <= upTo) {
      cutTo(endOffset);
    }
  }

  /** The log ends here now, whatever was appended. */
  void cutTo(long logEndOffset) {
    CompletableFuture<Long> done = waiting;
    waiting = null;
    if (done != null) {
      done.complete(logEndOffset);
    }
  }

  /** The replica is offline, or follows somebody else. */
  void givenUp(Errors error) {
    CompletableFuture<Long> done = waiting;
    waiting = null;
    if (done != null) {
      done.completeExceptionally(error.exception());
    }
  }
}
