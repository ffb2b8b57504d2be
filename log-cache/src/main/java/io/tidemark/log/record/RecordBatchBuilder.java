package io.tidemark.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Builds one batch of key/value records, with base offset 0 until a log gives it its place. Used
 * for internal topics and where a produced batch has to be compressed anew. Not thread-safe; good
 * for one batch.
 */
public final class RecordBatchBuilder {
  private static final int INITIAL_BYTES = 512;

  private final MemoryRecordsBuilder builder;
  private int count;

  /** A batch without a producer id. */
  public RecordBatchBuilder(CompressionSpec compression) {
    this(compression, TimestampType.CREATE_TIME, RecordBatchHeader.NO_TIMESTAMP);
  }

  /**
   * A batch whose records' own timestamps count, or that of the append.
   *
   * @param logAppendTimeMs only used with {@link TimestampType#LOG_APPEND_TIME}
   */
  public RecordBatchBuilder(
      CompressionSpec compression, TimestampType timestampType, long logAppendTimeMs) {
    this(
        compression,
        timestampType,
        logAppendTimeMs,
        RecordBatch.NO_PRODUCER_ID,
        RecordBatch.NO_PRODUCER_EPOCH,
        RecordBatch.NO_SEQUENCE,
        false);
  }

  /** A batch of a producer. */
  public RecordBatchBuilder(
      CompressionSpec compression,
      TimestampType timestampType,
      long logAppendTimeMs,
      long producerId,
      short producerEpoch,
      int baseSequence,
      boolean isTransactional) {
    builder =
        new MemoryRecordsBuilder(
            new ByteBufferOutputStream(INITIAL_BYTES),
            RecordBatch.MAGIC_VALUE_V2,
            compression.codec(),
            timestampType,
            0,
            logAppendTimeMs,
            producerId,
            producerEpoch,
            baseSequence,
            isTransactional,
            false,
            RecordBatch.NO_PARTITION_LEADER_EPOCH,
            0);
  }

  public RecordBatchBuilder append(
      long timestampMs, @Nullable ByteBuffer key, @Nullable ByteBuffer value, Header... headers) {
    builder.append(timestampMs, key, value, headers);
    count++;
    return this;
  }

  public RecordBatchBuilder append(
      long timestampMs, byte @Nullable [] key, byte @Nullable [] value) {
    builder.append(timestampMs, key, value);
    count++;
    return this;
  }

  /** Keeps a record's distance from the first; offsets must rise. */
  public RecordBatchBuilder appendWithOffset(LogRecord record) {
    builder.appendWithOffset(
        record.offset(), record.timestampMs(), record.key(), record.value(), record.headers());
    count++;
    return this;
  }

  public int count() {
    return count;
  }

  /** What the batch would come to, about, if it were built now. */
  public int estimatedSizeBytes() {
    return builder.estimatedSizeInBytes();
  }

  /** Closes the batch; the result is writable, from position 0 to its limit. */
  public ByteBuffer build() {
    MemoryRecords records = builder.build();
    return records.buffer().slice();
  }
}
