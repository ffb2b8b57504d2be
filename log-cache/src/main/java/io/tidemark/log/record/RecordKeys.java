package io.tidemark.log.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of one batch for their keys. Batches that are not compressed are read in place,
 * without an object per record; others are decompressed by {@link Records}. Reused; not
 * thread-safe.
 */
public final class RecordKeys {
  private final RecordCursor cursor = new RecordCursor();

  /** What is done with each record. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Returns false to stop.
     *
     * @param key valid until this returns; null when the record has none
     * @param hasValue false for a tombstone
     */
    boolean visit(long offset, @Nullable ByteBuffer key, boolean hasValue);
  }

  /**
   * Visits the records of the batch that lies in the buffer at its header's position, in offset
   * order; stops at the first refusal and returns false then. The buffer is not moved.
   *
   * @throws org.apache.kafka.common.errors.CorruptRecordException the records cannot be parsed
   */
  public boolean visit(ByteBuffer buffer, RecordBatchHeader batch, Visitor visitor) {
    if (batch.isCompressed()) {
      return Records.visit(
          buffer.slice(batch.position(), batch.sizeBytes()),
          (header, record) -> visitor.visit(record.offset(), record.key(), record.value() != null));
    }
    ByteBuffer view = buffer.duplicate();
    cursor.begin(buffer, batch);
    while (cursor.next()) {
      ByteBuffer key = cursor.showKey(view) ? view : null;
      if (!visitor.visit(cursor.offset(), key, cursor.hasValue())) {
        return false;
      }
    }
    return true;
  }
}
