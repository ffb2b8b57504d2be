package io.tidemark.log.clean;

import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.producer.ProducerState;
import io.tidemark.log.record.BatchFilter;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.RecordKeys;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Decides what stays of each batch of a log, in their order, as Kafka's cleaner does:
 *
 * <pre>
 *   behind the round's end                       as it is
 *   a record of an aborted transaction           goes
 *   a record without key                         goes, and is counted
 *   a record whose key has a newer one           goes
 *   a tombstone whose delete horizon has passed  goes
 *   a marker, when what it decided is gone       gets a delete horizon, and goes when it has passed
 *   the first batch of a leader epoch, the last
 *   of a producer, of a segment or of a round    stays, empty if need be
 * </pre>
 *
 * Where epochs begin has to be seen in the batches: that is all a follower gets, and all a start
 * has that lost what was noted of them. An epoch that seems to begin late, or that is not there at
 * all, would let one history pass for two.
 *
 * <p>Not thread-safe, but may go from thread to thread.
 */
final class BatchRewrite {
  private final OffsetMap map;
  private final CleanedTransactions transactions;
  private final Map<Long, ProducerState> producers = new HashMap<>();
  private final Terms terms;
  private final RecordKeys keys = new RecordKeys();

  private @Nullable AbortedTransaction keptAborted;
  private long withoutKey;
  private int epochBefore = RecordBatch.NO_PARTITION_LEADER_EPOCH;

  // Of the batch being looked at.
  private boolean isFirstOrLast;
  private boolean tombstonesGo;
  private int kept;
  private int keptTombstones;

  /**
   * What a round goes by.
   *
   * @param endOffset all keys below are in the map
   * @param horizonsEnd delete horizons of batches that reach beyond it do not count yet: they were
   *     set by somebody who did not see the whole history
   * @param deleteRetentionMs how long tombstones and markers stay once they have a horizon
   * @param keepsDecisions whether tombstones and markers stay for good, and get no horizon: what
   *     they decide may lie where this round does not look
   */
  record Terms(
      long endOffset,
      long horizonsEnd,
      long nowMs,
      long deleteRetentionMs,
      boolean keepsDecisions) {}

  /**
   * @param producers of the log, as they are by now
   */
  BatchRewrite(
      OffsetMap map,
      CleanedTransactions transactions,
      Collection<ProducerState> producers,
      Terms terms) {
    this.map = map;
    this.transactions = transactions;
    this.terms = terms;
    producers.forEach(producer -> this.producers.put(producer.producerId(), producer));
  }

  /**
   * What is to be written of the batch at its header's position; null when nothing is.
   *
   * @param isLastOfSegment where a segment is to end: it keeps a batch there, so that whoever reads
   *     its last offset finds one
   */
  @Nullable ByteBuffer rewritten(
      ByteBuffer buffer, RecordBatchHeader batch, boolean isLastOfSegment) {
    keptAborted = null;
    isFirstOrLast = isLastOfSegment || batch.leaderEpoch() != epochBefore;
    epochBefore = batch.leaderEpoch();
    ByteBuffer bytes = buffer.slice(batch.position(), batch.sizeBytes());
    return batch.isControl() ? control(buffer, batch, bytes) : data(buffer, batch, bytes);
  }

  private @Nullable ByteBuffer control(
      ByteBuffer buffer, RecordBatchHeader batch, ByteBuffer bytes) {
    CleanedTransactions.MarkerSeen seen = transactions.ended(batch, Markers.of(buffer, batch));
    keptAborted = terms.keepsDecisions ? seen.aborted() : seen.kept();
    if (terms.keepsDecisions || !seen.endsNothing() || batch.baseOffset() >= terms.endOffset) {
      return bytes;
    }
    boolean goes = batch.count() == 0 || isHorizonPassed(batch);
    return goes
        ? emptied(batch, bytes)
        : filtered(bytes, false, true, (offset, key, value) -> true);
  }

  private @Nullable ByteBuffer data(ByteBuffer buffer, RecordBatchHeader batch, ByteBuffer bytes) {
    boolean isAborted = transactions.isAborted(batch);
    if (batch.baseOffset() >= terms.endOffset) {
      return bytes;
    }
    if (isAborted) {
      return emptied(batch, bytes);
    }
    tombstonesGo = isHorizonPassed(batch);
    kept = 0;
    keptTombstones = 0;
    keys.visit(buffer, batch, this::count);
    if (kept == 0) {
      return emptied(batch, bytes);
    }
    return staysAsItIs(batch) ? bytes : filtered(bytes, keepsEmpty(batch), false, this::retains);
  }

  private boolean staysAsItIs(RecordBatchHeader batch) {
    if (terms.keepsDecisions && keptTombstones > 0) {
      return true;
    }
    return kept == batch.count() && (keptTombstones == 0 || batch.hasDeleteHorizon());
  }

  private boolean count(long offset, @Nullable ByteBuffer key, boolean hasValue) {
    if (key == null) {
      withoutKey++;
    }
    if (retains(offset, key, hasValue)) {
      kept++;
      keptTombstones += hasValue ? 0 : 1;
    }
    return true;
  }

  private boolean retains(long offset, @Nullable ByteBuffer key, boolean hasValue) {
    return key != null && offset >= map.get(key) && (hasValue || !tombstonesGo);
  }

  private boolean isHorizonPassed(RecordBatchHeader batch) {
    return !terms.keepsDecisions
        && batch.hasDeleteHorizon()
        && batch.baseTimestamp() <= terms.nowMs
        && batch.nextOffset() <= terms.endOffset
        && batch.nextOffset() <= terms.horizonsEnd;
  }

  /** Its header alone where that has to stay. */
  private @Nullable ByteBuffer emptied(RecordBatchHeader batch, ByteBuffer bytes) {
    if (!keepsEmpty(batch)) {
      return null;
    }
    return batch.count() == 0
        ? bytes
        : filtered(bytes, true, false, (offset, key, hasValue) -> false);
  }

  private boolean keepsEmpty(RecordBatchHeader batch) {
    return isFirstOrLast || batch.nextOffset() == terms.endOffset || isLastOfProducer(batch);
  }

  private boolean isLastOfProducer(RecordBatchHeader batch) {
    ProducerState producer = batch.hasProducerId() ? producers.get(batch.producerId()) : null;
    if (producer == null) {
      return false;
    }
    return producer.lastDataOffset() == ProducerState.NO_OFFSET
        ? batch.isControl() && batch.producerEpoch() == producer.producerEpoch()
        : batch.lastOffset() == producer.lastDataOffset();
  }

  private @Nullable ByteBuffer filtered(
      ByteBuffer bytes,
      boolean keepsEmpty,
      boolean isEmptyMarker,
      BatchFilter.Retention retention) {
    ByteBuffer rewritten =
        BatchFilter.filter(
            bytes,
            new BatchFilter.Treatment(
                keepsEmpty, isEmptyMarker, terms.nowMs, terms.deleteRetentionMs),
            retention);
    return rewritten.hasRemaining() ? rewritten : null;
  }

  /** The aborted transaction that ends with the last batch and of which something is left. */
  @Nullable AbortedTransaction keptAborted() {
    return keptAborted;
  }

  /** Records met that have no key. */
  long withoutKey() {
    return withoutKey;
  }
}
