package io.tidemark.log.clean;

import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.RecordBatchHeader;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the transactions of a log while its batches are walked in order: which are of an aborted
 * one, and which markers end nothing that is still there. All of them are decided: the walk ends
 * below the last stable offset. Not thread-safe.
 */
final class CleanedTransactions {
  /** Transactions that were aborted, by their first offset; those begun are taken out. */
  private final Queue<AbortedTransaction> aborted;

  /** Producer → its aborted transaction whose marker has not come. */
  private final Map<Long, AbortedTransaction> inAborted = new HashMap<>();

  /** Those of them of which a batch was seen. */
  private final Set<Long> seenAborted = new HashSet<>();

  /** Producers of which batches of a committed transaction were seen. */
  private final Set<Long> seenCommitted = new HashSet<>();

  CleanedTransactions(List<AbortedTransaction> aborted) {
    this.aborted =
        new ArrayDeque<>(
            aborted.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList());
  }

  /**
   * What a marker means for what is written anew.
   *
   * @param endsNothing nothing that it decided was seen
   * @param aborted the transaction it aborted; null when it committed one, or nothing is known
   */
  record MarkerSeen(boolean endsNothing, @Nullable AbortedTransaction aborted) {
    /** The aborted transaction, if anything of it is left. */
    @Nullable AbortedTransaction kept() {
      return endsNothing ? null : aborted;
    }
  }

  /** Whether a data batch is of an aborted transaction. */
  boolean isAborted(RecordBatchHeader batch) {
    beginAborted(batch.lastOffset());
    if (!batch.isTransactional()) {
      return false;
    }
    if (inAborted.containsKey(batch.producerId())) {
      seenAborted.add(batch.producerId());
      return true;
    }
    seenCommitted.add(batch.producerId());
    return false;
  }

  private void beginAborted(long upToOffset) {
    for (AbortedTransaction next = aborted.peek();
        next != null && next.firstOffset() <= upToOffset;
        next = aborted.peek()) {
      inAborted.putIfAbsent(next.producerId(), aborted.remove());
    }
  }

  /**
   * Takes a control batch in.
   *
   * @param marker null when it is empty, or of another kind
   */
  MarkerSeen ended(RecordBatchHeader batch, @Nullable TransactionMarker marker) {
    beginAborted(batch.lastOffset());
    if (marker == null) {
      return new MarkerSeen(batch.count() == 0, null);
    }
    long producerId = batch.producerId();
    if (marker.isCommit()) {
      return new MarkerSeen(!seenCommitted.remove(producerId), null);
    }
    AbortedTransaction transaction = inAborted.remove(producerId);
    return new MarkerSeen(!seenAborted.remove(producerId), transaction);
  }
}
