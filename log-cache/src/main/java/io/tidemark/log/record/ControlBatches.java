package io.tidemark.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Reads and builds the control batches that end a producer's transaction on a partition. */
public final class ControlBatches {
  private ControlBatches() {}

  /**
   * The end of a transaction.
   *
   * @param isCommit false for an abort
   * @param coordinatorEpoch of the transaction coordinator that wrote it
   */
  public record TransactionMarker(boolean isCommit, int coordinatorEpoch) {}

  /** The marker a control batch holds; null when it controls something else. */
  public static @Nullable TransactionMarker marker(ByteBuffer buffer, RecordBatchHeader header) {
    @Nullable TransactionMarker[] found = new TransactionMarker[1];
    Records.visit(
        buffer.slice(header.position(), header.sizeBytes()),
        (batch, record) -> {
          found[0] = parse(record);
          return false;
        });
    return found[0];
  }

  /** A control batch with one marker, its offset still 0. */
  public static ByteBuffer build(
      TransactionMarker marker, long producerId, short producerEpoch, long timestampMs) {
    ControlRecordType type = marker.isCommit() ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
    return MemoryRecords.withEndTransactionMarker(
            0,
            timestampMs,
            -1,
            producerId,
            producerEpoch,
            new EndTransactionMarker(type, marker.coordinatorEpoch()))
        .buffer()
        .slice();
  }

  // key: int16 version, int16 type (0 abort, 1 commit); value: int16 version, int32 epoch
  private static @Nullable TransactionMarker parse(LogRecord record) {
    ByteBuffer key = record.key();
    ByteBuffer value = record.value();
    if (key == null || key.remaining() < 4) {
      throw new CorruptRecordException("The control record at " + record.offset() + " has no type");
    }
    short type = key.getShort(key.position() + 2);
    if (type != 0 && type != 1) {
      return null;
    }
    if (value == null || value.remaining() < 6) {
      throw new CorruptRecordException("The marker at " + record.offset() + " has no epoch");
    }
    return new TransactionMarker(type == 1, value.getInt(value.position() + 2));
  }
}
