package io.tidemark.log.producer;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.ApiException;
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
   * @param terms of a transactional batch; null where none are asked for
   * @throws InvalidProducerEpochException a newer producer has the id
   * @throws OutOfOrderSequenceException a batch before it is missing
   * @throws InvalidTxnStateException the terms do not hold (any more)
   */
  public void append(
      RecordBatchHeader batch, AppendOrigin origin, @Nullable TransactionTerms terms) {
    if (!batch.hasProducerId()) {
      return;
    }
    ProducerState state = stateOrNew(batch.producerId());
    if (origin != AppendOrigin.REPLICA) {
      checkEpoch(state, batch);
    }
    if (origin == AppendOrigin.CLIENT) {
      if (terms != null) {
        checkTerms(state, batch, terms);
      }
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

  /**
   * Only a transaction that is open, or one that was found since the last marker, may be added to.
   */
  private void checkTerms(ProducerState state, RecordBatchHeader batch, TransactionTerms terms) {
    boolean isOpen = state.hasOpenTransaction() && state.producerEpoch() == batch.producerEpoch();
    if (!batch.isTransactional() || isOpen) {
      return;
    }
    if (!(terms instanceof TransactionTerms.Begins(TransactionVerification verification))
        || !table.verifications().isHeld(verification)
        || verification.producerId() != batch.producerId()
        || verification.producerEpoch() != batch.producerEpoch()) {
      throw new InvalidTxnStateException(
          "The transaction of producer %d, epoch %d, was over before its batch was appended"
              .formatted(batch.producerId(), batch.producerEpoch()));
    }
    if (state.producerEpoch() == NO_EPOCH && batch.baseSequence() > verification.lowestSequence()) {
      throw outOfOrder(batch, "sequence %d came first".formatted(verification.lowestSequence()));
    }
  }

  private static ProducerBatch remembered(RecordBatchHeader batch) {
    return new ProducerBatch(
        batch.lastSequence(), batch.lastOffset(), batch.lastOffsetDelta(), batch.maxTimestamp());
  }

  /**
   * Adds a marker that has its offset. What was verified of the producer holds no longer from then
   * on, whether or not the plan is carried out.
   *
   * @throws InvalidProducerEpochException the transaction it means has been ended before
   * @throws TransactionCoordinatorFencedException a newer coordinator has written here
   */
  public void appendMarker(
      RecordBatchHeader batch,
      TransactionMarker marker,
      AppendOrigin origin,
      @Nullable TransactionTerms terms) {
    ProducerState state = stateOrNew(batch.producerId());
    if (origin != AppendOrigin.REPLICA) {
      refusalOfMarker(state, batch.producerEpoch(), marker.coordinatorEpoch(), terms)
          .ifPresent(refusal -> {
            throw refusal;
          });
      table
          .verifications()
          .end(batch.producerId(), batch.producerEpoch() + (isBumped(terms) ? 0 : 1));
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

  /** Whether anything is remembered or planned of the producer. */
  public boolean knows(long producerId) {
    return state(producerId) != null;
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
    refusalOfEpoch(state, batch.producerEpoch())
        .ifPresent(refusal -> {
          throw refusal;
        });
  }

  static Optional<ApiException> refusalOfEpoch(ProducerState state, short producerEpoch) {
    return producerEpoch >= state.producerEpoch()
        ? Optional.empty()
        : Optional.of(
            new InvalidProducerEpochException(
                "Producer %d has epoch %d now, the batch was written with %d"
                    .formatted(state.producerId(), state.producerEpoch(), producerEpoch)));
  }

  /** The marker's own epoch is that of the next transaction, which may be being verified. */
  private static boolean isBumped(@Nullable TransactionTerms terms) {
    return terms instanceof TransactionTerms.Ends(boolean isEpochBumped) && isEpochBumped;
  }

  static Optional<ApiException> refusalOfMarker(
      ProducerState state,
      short producerEpoch,
      int coordinatorEpoch,
      @Nullable TransactionTerms terms) {
    boolean isOfTheNext =
        isBumped(terms) && state.hasOpenTransaction() && state.producerEpoch() == producerEpoch;
    if (isOfTheNext) {
      return Optional.of(
          new InvalidProducerEpochException(
              "The open transaction of producer %d began after the one this marker ends, with epoch %d"
                  .formatted(state.producerId(), producerEpoch)));
    }
    if (coordinatorEpoch < state.coordinatorEpoch()) {
      return Optional.of(
          new TransactionCoordinatorFencedException(
              "The marker of producer %d comes from coordinator epoch %d, the last was of %d"
                  .formatted(state.producerId(), coordinatorEpoch, state.coordinatorEpoch())));
    }
    return refusalOfEpoch(state, producerEpoch);
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
