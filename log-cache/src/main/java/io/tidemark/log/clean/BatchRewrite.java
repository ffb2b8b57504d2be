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
 *   the last batch of a producer, or of a round  stays, empty if need be
 * </pre>
 *
 * Not thread-safe, but may go from thread to thread.
 */
final class BatchRewrite {
  private final OffsetMap map;
  private final CleanedTransactions transactions;
  private final Map<Long, ProducerState> producers = new HashMap<>();
  private final long endOffset;
  private final long nowMs;
  private final long deleteRetentionMs;
  private final RecordKeys keys = new RecordKeys();

  private @Nullable AbortedTransaction keptAborted;
  private long withoutKey;

  // Of the batch being looked at.
  private boolean tombstonesGo;
  private int kept;
  private int keptTombstones;

  /**
   * @param producers of the log, as they are by now
   * @param endOffset all keys below are in the map
   */
  BatchRewrite(
      OffsetMap map,
      CleanedTransactions transactions,
      Collection<ProducerState> producers,
      long endOffset,
      long nowMs,
      long deleteRetentionMs) {
    this.map = map;
    this.transactions = transactions;
    this.endOffset = endOffset;
    this.nowMs = nowMs;
    this.deleteRetentionMs = deleteRetentionMs;
    producers.forEach(producer -> this.producers.put(producer.producerId(), producer));
  }

  /** What is to be written of the batch at its header's position; null when nothing is. */
  @Nullable ByteBuffer rewritten(ByteBuffer buffer, RecordBatchHeader batch) {
    keptAborted = null;
    ByteBuffer bytes = buffer.slice(batch.position(), batch.sizeBytes());
    return batch.isControl() ? control(buffer, batch, bytes) : data(buffer, batch, bytes);
  }

  private @Nullable ByteBuffer control(
      ByteBuffer buffer, RecordBatchHeader batch, ByteBuffer bytes) {
    CleanedTransactions.MarkerSeen seen = transactions.ended(batch, Markers.of(buffer, batch));
    keptAborted = seen.kept();
    if (!seen.endsNothing() || batch.baseOffset() >= endOffset) {
      return bytes;
    }
    boolean goes = batch.count() == 0 || isHorizonPassed(batch);
    return goes
        ? emptied(batch, bytes)
        : filtered(bytes, false, true, (offset, key, value) -> true);
  }

  private @Nullable ByteBuffer data(ByteBuffer buffer, RecordBatchHeader batch, ByteBuffer bytes) {
    boolean isAborted = transactions.isAborted(batch);
    if (batch.baseOffset() >= endOffset) {
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
    boolean isUnchanged =
        kept == batch.count() && (keptTombstones == 0 || batch.hasDeleteHorizon());
    return isUnchanged ? bytes : filtered(bytes, keepsEmpty(batch), false, this::retains);
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
    return batch.hasDeleteHorizon() && batch.baseTimestamp() <= nowMs;
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
    return batch.nextOffset() == endOffset || isLastOfProducer(batch);
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
            new BatchFilter.Treatment(keepsEmpty, isEmptyMarker, nowMs, deleteRetentionMs),
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
