package io.tidemark.log.validate;

import io.tidemark.log.LogConfig;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.Records;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;

/** Compresses a batch anew when its topic wants another codec than its producer chose. */
final class Recompression {
  private Recompression() {}

  static boolean isNeeded(RecordBatchHeader batch, LogConfig config) {
    return !config.compression().isProducer() && config.compression().codecId() != batch.codecId();
  }

  /**
   * A new buffer with the same records, producer and sequences.
   *
   * @param recordBytes what the walk has measured, so that a result too large is refused before it
   *     is built
   */
  static ByteBuffer recompress(
      ByteBuffer batches, RecordBatchHeader batch, long recordBytes, LogConfig config)
      throws InvalidBatchException {
    if (config.compression().codecId() == 0) {
      BatchFraming.checkSize(
          (int) Math.min(Integer.MAX_VALUE, RecordBatchHeader.SIZE_BYTES + recordBytes), config);
    }
    RecordBatchBuilder builder =
        new RecordBatchBuilder(
            config.compression(),
            TimestampType.CREATE_TIME,
            RecordBatchHeader.NO_TIMESTAMP,
            batch.producerId(),
            batch.producerEpoch(),
            batch.baseSequence(),
            batch.isTransactional());
    copyRecords(batches, builder);
    ByteBuffer result = builder.build();
    BatchFraming.checkSize(result.remaining(), config);
    return result;
  }

  private static void copyRecords(ByteBuffer batches, RecordBatchBuilder builder)
      throws InvalidBatchException {
    try {
      Records.visit(
          batches,
          (batch, record) -> {
            builder.append(record.timestampMs(), record.key(), record.value(), record.headers());
            return true;
          });
    } catch (CorruptRecordException e) {
      throw new InvalidBatchException(Errors.INVALID_RECORD, String.valueOf(e.getMessage()));
    }
  }
}
