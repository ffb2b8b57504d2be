package io.tidemark.log.partition;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.producer.ProducerBatch;
import io.tidemark.log.producer.ProducerPlan;
import io.tidemark.log.producer.TransactionTerms;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/**
 * The appends of one drain, worked out on a provisional copy of the log's end and its producers.
 * Nothing of it counts before {@link PartitionLog#append}; a plan that is not appended, or whose
 * write failed, is forgotten. Used by the log's one appender.
 */
public final class AppendPlan {
  private final LogState state;
  private final ProducerPlan producers;
  private final LogConfig config;
  private final long nowMs;
  private final List<ByteBuffer> buffers = new ArrayList<>();
  private int sizeBytes;
  private long nextOffset;
  private long maxTimestampMs = RecordBatchHeader.NO_TIMESTAMP;
  private boolean hasGap;

  AppendPlan(LogState state, ProducerPlan producers, LogConfig config, long nowMs) {
    this.state = state;
    this.producers = producers;
    this.config = config;
    this.nowMs = nowMs;
    this.nextOffset = state.logEndOffset();
  }

  /**
   * Gives batches their offsets and epoch, in place, and checks their producers' epochs and
   * sequences. The buffer, from position to limit, must stay unchanged until the plan is appended
   * or dropped; it is not moved. When it throws the plan is as before.
   *
   * @param leaderEpoch written into the batches; ignored for {@link AppendOrigin#REPLICA}
   * @param terms of transactional batches and markers; null where none are asked for
   * @throws org.apache.kafka.common.errors.OutOfOrderSequenceException a gap in a producer's
   *     batches
   * @throws org.apache.kafka.common.errors.InvalidProducerEpochException a fenced producer
   * @throws org.apache.kafka.common.errors.InvalidTxnStateException the terms do not hold
   * @throws CorruptRecordException not whole batches
   * @throws UnexpectedOffsetException replicated batches begin below the end
   */
  public Admission add(
      ByteBuffer batches, int leaderEpoch, AppendOrigin origin, @Nullable TransactionTerms terms) {
    if (origin == AppendOrigin.CLIENT) {
      Admission.Duplicate duplicate = duplicate(batches);
      if (duplicate != null) {
        return duplicate;
      }
    }
    long before = nextOffset;
    long maxBefore = maxTimestampMs;
    boolean hadGap = hasGap;
    ProducerPlan.Mark mark = producers.mark();
    try {
      long baseOffset = addAll(batches, leaderEpoch, origin, terms);
      buffers.add(batches.duplicate());
      sizeBytes += batches.remaining();
      return new Admission.Admitted(baseOffset, nextOffset - 1);
    } catch (RuntimeException e) {
      nextOffset = before;
      maxTimestampMs = maxBefore;
      hasGap = hadGap;
      producers.rollBack(mark);
      throw e;
    }
  }

  private Admission.@Nullable Duplicate duplicate(ByteBuffer batches) {
    BatchCursor cursor = new BatchCursor(batches);
    while (cursor.next()) {
      ProducerBatch original = producers.duplicateOf(cursor.header());
      if (original != null) {
        return new Admission.Duplicate(
            original.firstOffset(), original.lastOffset(), original.timestampMs());
      }
    }
    return null;
  }

  /** Returns the offset of the first record. */
  private long addAll(
      ByteBuffer batches, int leaderEpoch, AppendOrigin origin, @Nullable TransactionTerms terms) {
    long baseOffset = -1;
    BatchCursor cursor = new BatchCursor(batches);
    while (cursor.next()) {
      RecordBatchHeader batch = cursor.header();
      place(batch, leaderEpoch, origin);
      baseOffset = baseOffset < 0 ? batch.baseOffset() : baseOffset;
      fold(batches, batch, origin, terms);
      maxTimestampMs = Math.max(maxTimestampMs, batch.maxTimestamp());
      nextOffset = batch.nextOffset();
    }
    if (cursor.remainingBytes() > 0 || baseOffset < 0) {
      throw new CorruptRecordException(
          "%d bytes are no whole batch".formatted(cursor.remainingBytes()));
    }
    return baseOffset;
  }

  private void place(RecordBatchHeader batch, int leaderEpoch, AppendOrigin origin) {
    if (origin != AppendOrigin.REPLICA) {
      batch.setBaseOffset(nextOffset);
      batch.setLeaderEpoch(leaderEpoch);
      return;
    }
    // Its leader may have compacted the log under an earlier policy of the topic.
    hasGap |= batch.baseOffset() > nextOffset;
    if (batch.baseOffset() < nextOffset) {
      throw new UnexpectedOffsetException(
          "The batch begins at offset %d, the log ends at %d"
              .formatted(batch.baseOffset(), nextOffset));
    }
  }

  private void fold(
      ByteBuffer batches,
      RecordBatchHeader batch,
      AppendOrigin origin,
      @Nullable TransactionTerms terms) {
    if (!batch.hasProducerId()) {
      return;
    }
    if (!batch.isControl()) {
      producers.append(batch, origin, terms);
      return;
    }
    TransactionMarker marker = ControlBatches.marker(batches, batch);
    if (marker != null) {
      producers.appendMarker(batch, marker, origin, terms);
    }
  }

  /** Whether the log, or a batch of this plan, has something of the producer. */
  public boolean knows(long producerId) {
    return producers.knows(producerId);
  }

  /** Whether an append of this size still fits the same segment; always true for an empty plan. */
  public boolean hasRoomFor(int appendBytes) {
    if (isEmpty()) {
      return true;
    }
    boolean startsSegment = state.activeSizeBytes() + sizeBytes > config.segmentBytes();
    long before = startsSegment ? 0 : state.activeSizeBytes();
    return before + sizeBytes + appendBytes <= config.segmentBytes();
  }

  public boolean isEmpty() {
    return buffers.isEmpty();
  }

  /** Bytes to be written. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** The log end once this plan is appended. */
  public long nextOffset() {
    return nextOffset;
  }

  // ---- for the log

  LogState state() {
    return state;
  }

  ProducerPlan producers() {
    return producers;
  }

  long nowMs() {
    return nowMs;
  }

  long maxTimestampMs() {
    return maxTimestampMs;
  }

  /** Whether offsets are missing before a replicated batch. */
  boolean hasGap() {
    return hasGap;
  }

  List<ByteBuffer> buffers() {
    return buffers;
  }

  /** Views to be moved by the write. */
  ByteBuffer[] toWrite() {
    return buffers.stream().map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new);
  }
}
