package io.tidemark.log.producer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log remembers of one producer. Immutable.
 *
 * @param producerId whose state it is
 * @param producerEpoch the greatest epoch seen
 * @param batches the last up to ten of that epoch, oldest first; empty after a new epoch's marker
 * @param lastTimestampMs of the newest batch or marker; expiry counts from it
 * @param coordinatorEpoch of the transaction coordinator that wrote the last marker; -1 none
 * @param currentTxnFirstOffset where its open transaction begins; -1 none
 */
public record ProducerState(
    long producerId,
    short producerEpoch,
    List<ProducerBatch> batches,
    long lastTimestampMs,
    int coordinatorEpoch,
    long currentTxnFirstOffset) {

  /**
   * How many batches are remembered: what a producer may have in flight to two nodes. When a
   * partition's leader changes, five may be unanswered at the old one while it sends to the new.
   */
  public static final int REMEMBERED_BATCHES = 10;

  public static final int NO_SEQUENCE = -1;
  public static final long NO_OFFSET = -1;

  /** The sequence after which the next batch must come; -1 when none is remembered. */
  public int lastSequence() {
    return batches.isEmpty() ? NO_SEQUENCE : batches.getLast().lastSequence();
  }

  /** The offset of the last data record; -1 when none is remembered. */
  public long lastDataOffset() {
    return batches.isEmpty() ? NO_OFFSET : batches.getLast().lastOffset();
  }

  public boolean hasOpenTransaction() {
    return currentTxnFirstOffset != NO_OFFSET;
  }

  /** The remembered batch with exactly these sequences; null when there is none. */
  public @Nullable ProducerBatch duplicateOf(int firstSequence, int lastSequence) {
    for (ProducerBatch batch : batches) {
      if (batch.firstSequence() == firstSequence && batch.lastSequence() == lastSequence) {
        return batch;
      }
    }
    return null;
  }

  static ProducerState empty(long producerId, short producerEpoch) {
    return new ProducerState(producerId, producerEpoch, List.of(), -1, -1, NO_OFFSET);
  }

  /** The state once the batch is appended, which begins or continues a transaction or none. */
  ProducerState with(short epoch, ProducerBatch batch, boolean isTransactional) {
    List<ProducerBatch> next = new ArrayList<>(REMEMBERED_BATCHES);
    if (epoch == producerEpoch) {
      int dropped = Math.max(0, batches.size() + 1 - REMEMBERED_BATCHES);
      next.addAll(batches.subList(dropped, batches.size()));
    }
    next.add(batch);
    long txnFirst =
        isTransactional && !hasOpenTransaction() ? batch.firstOffset() : currentTxnFirstOffset;
    return new ProducerState(
        producerId, epoch, List.copyOf(next), batch.timestampMs(), coordinatorEpoch, txnFirst);
  }

  /** The state once a marker has ended its transaction. */
  ProducerState ended(short epoch, int markerCoordinatorEpoch, long timestampMs) {
    return new ProducerState(
        producerId,
        epoch,
        epoch == producerEpoch ? batches : List.of(),
        timestampMs,
        markerCoordinatorEpoch,
        NO_OFFSET);
  }
}
