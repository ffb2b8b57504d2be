package io.tidemark.log.clean;

import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.RecordKeys;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Notes the newest offset of each key of batches that come by in order, until the map is full. It
 * ends between two batches, for a delete horizon is a whole batch's: a tombstone behind the end
 * would get one before what it deletes is gone. Only a batch of more keys than the map has room for
 * is taken in parts. Records of aborted transactions do not count. Not thread-safe, but may go from
 * thread to thread.
 */
final class KeyNotes {
  private final OffsetMap map;
  private final CleanedTransactions transactions;
  private final long startOffset;
  private final RecordKeys keys = new RecordKeys();
  private long endOffset;
  private boolean isFull;

  /**
   * @param startOffset keys of records below are not noted
   * @param endOffset where the batches that will come end
   */
  KeyNotes(OffsetMap map, CleanedTransactions transactions, long startOffset, long endOffset) {
    this.map = map;
    this.transactions = transactions;
    this.startOffset = startOffset;
    this.endOffset = endOffset;
  }

  void take(ByteBuffer buffer, RecordBatchHeader batch) {
    if (batch.isControl()) {
      transactions.ended(batch, Markers.of(buffer, batch));
    } else if (!transactions.isAborted(batch) && batch.lastOffset() >= startOffset) {
      keys.visit(buffer, batch, (offset, key, hasValue) -> note(batch, offset, key));
    }
  }

  private boolean note(RecordBatchHeader batch, long offset, @Nullable ByteBuffer key) {
    if (key == null || offset < startOffset || map.put(key, offset)) {
      return true;
    }
    endOffset = batch.baseOffset() > startOffset ? batch.baseOffset() : offset;
    isFull = true;
    return false;
  }

  boolean isFull() {
    return isFull;
  }

  /** All keys below are in the map. */
  long endOffset() {
    return endOffset;
  }
}
