package io.tidemark.log.producer;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.jspecify.annotations.Nullable;

/**
 * What the batches of one drain make of a log's producers, on top of the table and apart from it: a
 * plan whose write fails is dropped and nothing is remembered. Used by the log's one appender.
 */
public final class ProducerPlan {
  private static final short NO_EPOCH = -1;

  private final ProducerTable table;
  private final Map<Long, ProducerState> changed = new HashMap<>();
  private final List<TransactionStep> steps = new ArrayList<>();

  public ProducerPlan(ProducerTable table) {
    this.table = table;
  }

  /** How far a plan had come, to go back to. */
  public record Mark(Map<Long, ProducerState> changed, int steps) {}

  public Mark mark() {
    return new Mark(changed.isEmpty() ? Map.of() : new HashMap<>(changed), steps.size());
  }

  public void rollBack(Mark mark) {
    changed.clear();
    changed.putAll(mark.changed());
    steps.subList(mark.steps(), steps.size()).clear();
  }

  /** The batch, appended or planned before, that this one repeats; null when it is new. */
  public @Nullable ProducerBatch duplicateOf(RecordBatchHeader batch) {
    if (!batch.hasProducerId() || batch.isControl()) {
      return null;
    }
    ProducerState state = state(batch.producerId());
    if (state == null || state.producerEpoch() != batch.producerEpoch()) {
      return null;
    }
    return state.duplicateOf(batch.baseSequence(), batch.lastSequence());
  }

  /**
   * Adds a data batch that has its offsets.
   *
   * @throws InvalidProducerEpochException a newer producer has the id
   * @throws OutOfOrderSequenceException a batch before it is missing
   */
  public void append(RecordBatchHeader batch, AppendOrigin origin) {
    if (!batch.hasProducerId()) {
      return;
    }
    ProducerState state = stateOrNew(batch.producerId());
    if (origin != AppendOrigin.REPLICA) {
      checkEpoch(state, batch);
    }
    if (origin == AppendOrigin.CLIENT) {
      checkSequence(state, batch);
    }
    if (state.hasOpenTransaction() && !batch.isTransactional() && origin == AppendOrigin.CLIENT) {
      throw new InvalidTxnStateException(
          "Producer %d has an open transaction and wrote outside it".formatted(batch.producerId()));
    }
    if (batch.isTransactional() && !state.hasOpenTransaction()) {
      steps.add(new TransactionStep.Begun(batch.producerId(), batch.baseOffset()));
    }
    changed.put(
        batch.producerId(),
        state.with(batch.producerEpoch(), remembered(batch), batch.isTransactional()));
  }

  private static ProducerBatch remembered(RecordBatchHeader batch) {
    return new ProducerBatch(
        batch.lastSequence(), batch.lastOffset(), batch.lastOffsetDelta(), batch.maxTimestamp());
  }

  /** Adds a marker that has its offset. */
  public void appendMarker(RecordBatchHeader batch, TransactionMarker marker, AppendOrigin origin) {
    ProducerState state = stateOrNew(batch.producerId());
    if (origin != AppendOrigin.REPLICA) {
      checkEpoch(state, batch);
      checkCoordinator(state, marker);
    }
    if (state.hasOpenTransaction()) {
      steps.add(
          new TransactionStep.Ended(
              batch.producerId(),
              state.currentTxnFirstOffset(),
              batch.baseOffset(),
              marker.isCommit()));
    }
    changed.put(
        batch.producerId(),
        state.ended(batch.producerEpoch(), marker.coordinatorEpoch(), batch.maxTimestamp()));
  }

  /** Makes the plan true; returns the transactions it aborted, in the order of their markers. */
  public List<AbortedTransaction> commit() {
    changed.values().forEach(table::put);
    List<AbortedTransaction> aborted = table.apply(steps);
    changed.clear();
    steps.clear();
    return aborted;
  }

  private @Nullable ProducerState state(long producerId) {
    ProducerState planned = changed.get(producerId);
    return planned == null ? table.get(producerId) : planned;
  }

  private ProducerState stateOrNew(long producerId) {
    ProducerState known = state(producerId);
    return known == null ? ProducerState.empty(producerId, NO_EPOCH) : known;
  }

  private static void checkEpoch(ProducerState state, RecordBatchHeader batch) {
    if (batch.producerEpoch() < state.producerEpoch()) {
      throw new InvalidProducerEpochException(
          "Producer %d has epoch %d now, the batch was written with %d"
              .formatted(batch.producerId(), state.producerEpoch(), batch.producerEpoch()));
    }
  }

  private static void checkCoordinator(ProducerState state, TransactionMarker marker) {
    if (marker.coordinatorEpoch() < state.coordinatorEpoch()) {
      throw new TransactionCoordinatorFencedException(
          "The marker of producer %d comes from coordinator epoch %d, the last was of %d"
              .formatted(state.producerId(), marker.coordinatorEpoch(), state.coordinatorEpoch()));
    }
  }

  /** A producer nothing is known of may begin anywhere: its earlier batches have been deleted. */
  private static void checkSequence(ProducerState state, RecordBatchHeader batch) {
    if (state.producerEpoch() == NO_EPOCH) {
      return;
    }
    int first = batch.baseSequence();
    if (batch.producerEpoch() != state.producerEpoch()) {
      if (first != 0) {
        throw outOfOrder(batch, "a new epoch begins at sequence 0");
      }
      return;
    }
    int last = state.lastSequence();
    boolean isNext = last == ProducerState.NO_SEQUENCE ? first == 0 : Sequence.follows(last, first);
    if (!isNext) {
      throw outOfOrder(batch, "the last sequence was " + last);
    }
  }

  private static OutOfOrderSequenceException outOfOrder(RecordBatchHeader batch, String why) {
    return new OutOfOrderSequenceException(
        "Producer %d, epoch %d, sent sequence %d: %s"
            .formatted(batch.producerId(), batch.producerEpoch(), batch.baseSequence(), why));
  }
}
