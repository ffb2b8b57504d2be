package io.tidemark.log.record;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;

/**
 * Reads the records of batches one by one, decompressing where needed; an object per record, so not
 * for the way of produced or fetched bytes. Safe from any thread; the buffer is not moved.
 */
public final class Records {
  private Records() {}

  /** What is done with each record. */
  @FunctionalInterface
  public interface Visitor {
    /** Returns false to stop. */
    boolean visit(RecordBatchHeader batch, LogRecord record);
  }

  /**
   * Visits the records of all complete batches in offset order, control records too; stops at the
   * first refusal and returns false then.
   *
   * @throws CorruptRecordException a batch's records cannot be parsed
   */
  public static boolean visit(ByteBuffer batches, Visitor visitor) {
    BatchCursor cursor = new BatchCursor(batches);
    while (cursor.next()) {
      if (!visitBatch(batches, cursor.header(), visitor)) {
        return false;
      }
    }
    return true;
  }

  private static boolean visitBatch(ByteBuffer batches, RecordBatchHeader header, Visitor visitor) {
    ByteBuffer bytes = batches.slice(header.position(), header.sizeBytes());
    for (MutableRecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
      try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
        while (records.hasNext()) {
          if (!visitor.visit(header, toLogRecord(records.next()))) {
            return false;
          }
        }
      } catch (KafkaException | IllegalArgumentException | BufferUnderflowException e) {
        throw unreadable(header, e);
      }
    }
    return true;
  }

  private static CorruptRecordException unreadable(RecordBatchHeader header, RuntimeException e) {
    return new CorruptRecordException(
        "The records of the batch at offset %d cannot be read: %s"
            .formatted(header.baseOffset(), e.getMessage()),
        e);
  }

  private static LogRecord toLogRecord(Record record) {
    return new LogRecord(
        record.offset(), record.timestamp(), record.key(), record.value(), record.headers());
  }
}
