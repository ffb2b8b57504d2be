package io.tidemark.log.replica;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.producer.TransactionTerms;
import io.tidemark.log.validate.ValidatedBatches;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One append on its way through a {@link PartitionQueue}. Either the drain or, when the directory
 * stalls before its turn, the stall check takes it, and tells its listener.
 */
final class PendingAppend {
  private static final Logger log = LoggerFactory.getLogger(PendingAppend.class);

  private final ValidatedBatches batches;
  private final Acks acks;
  private final int expectedLeaderEpoch;
  private final @Nullable TransactionTerms terms;
  private final AppendListener listener;
  private final AtomicBoolean isTaken = new AtomicBoolean();
  private AppendOutcome.@Nullable Appended outcome;
  private boolean isToldOutcome;

  PendingAppend(
      ValidatedBatches batches,
      Acks acks,
      int expectedLeaderEpoch,
      @Nullable TransactionTerms terms,
      AppendListener listener) {
    this.batches = batches;
    this.acks = acks;
    this.expectedLeaderEpoch = expectedLeaderEpoch;
    this.terms = terms;
    this.listener = listener;
  }

  /** True for the first who asks. */
  boolean take() {
    return isTaken.compareAndSet(false, true);
  }

  ByteBuffer buffer() {
    return batches.buffer();
  }

  AppendOrigin origin() {
    return batches.origin();
  }

  int sizeBytes() {
    return batches.sizeBytes();
  }

  Acks acks() {
    return acks;
  }

  int expectedLeaderEpoch() {
    return expectedLeaderEpoch;
  }

  @Nullable TransactionTerms terms() {
    return terms;
  }

  /** It has its place in the log; the buffer is free. */
  void appended(AppendOutcome.Appended place) {
    outcome = place;
    tell(listener::appended);
  }

  /** As far as its acks asked for. */
  void acknowledge() {
    AppendOutcome.Appended place = outcome;
    if (place == null) {
      throw new IllegalStateException("Acknowledged before it was appended");
    }
    isToldOutcome = true;
    tell(() -> listener.completed(place));
  }

  /** Whether it has a place in the log or its outcome has been told. */
  boolean isPlaced() {
    return outcome != null || isToldOutcome;
  }

  /** Nothing of it was appended. */
  void refuse(Errors error, @Nullable String message, long logStartOffset) {
    tell(listener::appended);
    giveUp(error, message, logStartOffset);
  }

  /** It was appended, but will not be acknowledged. */
  void giveUp(Errors error, @Nullable String message, long logStartOffset) {
    isToldOutcome = true;
    tell(() -> listener.completed(new AppendOutcome.Refused(error, message, logStartOffset)));
  }

  /** A listener's mistake must not stop the partition. */
  private static void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      log.error("A listener of an append failed", e);
    }
  }
}
