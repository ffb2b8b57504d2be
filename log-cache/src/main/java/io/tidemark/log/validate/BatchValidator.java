package io.tidemark.log.validate;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.ProduceValidation;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.RecordBatchHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether batches may be appended, with Kafka's rules and Kafka's errors. Keeps nothing
 * between calls but working memory: one window of {@value RecordWindow#SIZE_BYTES} bytes for each
 * thread that validates at the same time. Safe from any thread.
 */
public final class BatchValidator {
  private final Time time;
  private final ConcurrentLinkedQueue<Workspace> idle = new ConcurrentLinkedQueue<>();

  public BatchValidator(Time time) {
    this.time = time;
  }

  /**
   * Checks the batches in [position, limit) of the buffer; may correct the largest timestamp and
   * the CRC in place. The result holds the same buffer, or a new one when the batch had to be
   * compressed anew. LogAppendTime is stamped when the batch is appended, not here.
   *
   * @throws InvalidBatchException nothing may be appended; with Kafka's error for the response
   */
  public ValidatedBatches validate(ByteBuffer batches, LogConfig config, AppendOrigin origin)
      throws InvalidBatchException {
    return switch (origin) {
      case CLIENT -> produced(batches, config);
      case COORDINATOR -> coordinated(batches, config);
      case REPLICA -> BatchFraming.replicated(batches);
    };
  }

  private ValidatedBatches produced(ByteBuffer batches, LogConfig config)
      throws InvalidBatchException {
    RecordBatchHeader batch = BatchFraming.onlyBatch(batches);
    BatchFraming.checkSize(batch.sizeBytes(), config);
    BatchFraming.checkCrc(batch);
    BatchFraming.checkProduced(batch);
    if (!Decompression.isKnown(batch.codecId())) {
      throw new InvalidBatchException(
          Errors.UNSUPPORTED_COMPRESSION_TYPE, "Unknown compression type id: " + batch.codecId());
    }
    boolean mustRecompress = Recompression.isNeeded(batch, config);
    if (config.validation() == ProduceValidation.HEADER && !config.compact() && !mustRecompress) {
      checkHeaderTimestamps(batch, config);
      return validated(batches, batch.count());
    }
    RecordWalk.Seen seen = walk(batches, batch, config);
    if (config.messageTimestampType() == TimestampType.CREATE_TIME) {
      batch.setMaxCreateTime(seen.maxTimestampMs());
    }
    ByteBuffer result =
        mustRecompress
            ? Recompression.recompress(batches, batch, seen.recordBytes(), config)
            : batches;
    return validated(result, batch.count());
  }

  private static ValidatedBatches validated(ByteBuffer batch, int recordCount) {
    return new ValidatedBatches(batch, AppendOrigin.CLIENT, 1, recordCount);
  }

  private void checkHeaderTimestamps(RecordBatchHeader batch, LogConfig config)
      throws InvalidBatchException {
    if (config.messageTimestampType() == TimestampType.CREATE_TIME) {
      checkHeaderTimestamp(batch.baseTimestamp(), config);
      checkHeaderTimestamp(batch.maxTimestamp(), config);
    }
  }

  private void checkHeaderTimestamp(long timestampMs, LogConfig config)
      throws InvalidBatchException {
    long nowMs = time.milliseconds();
    if (!Timestamps.areInRange(timestampMs, config, nowMs)) {
      throw new InvalidBatchException(
          Errors.INVALID_TIMESTAMP, Timestamps.outOfRange(timestampMs, config, nowMs));
    }
  }

  private RecordWalk.Seen walk(ByteBuffer batches, RecordBatchHeader batch, LogConfig config)
      throws InvalidBatchException {
    Workspace workspace = take();
    try {
      return workspace.walk(recordsOf(batches, batch), batch, config, time.milliseconds());
    } finally {
      workspace.window.clear();
      idle.add(workspace);
    }
  }

  private static ByteBuffer recordsOf(ByteBuffer batches, RecordBatchHeader batch) {
    return batches.slice(
        batch.position() + RecordBatchHeader.SIZE_BYTES,
        batch.sizeBytes() - RecordBatchHeader.SIZE_BYTES);
  }

  private Workspace take() {
    @Nullable Workspace workspace = idle.poll();
    return workspace != null ? workspace : new Workspace();
  }

  private static ValidatedBatches coordinated(ByteBuffer batches, LogConfig config)
      throws InvalidBatchException {
    BatchCursor cursor = new BatchCursor(batches);
    int batchCount = 0;
    int recordCount = 0;
    while (cursor.next()) {
      BatchFraming.checkSize(cursor.header().sizeBytes(), config);
      BatchFraming.checkCrc(cursor.header());
      batchCount++;
      recordCount += cursor.header().count();
    }
    if (batchCount == 0 || cursor.remainingBytes() > 0) {
      throw new InvalidBatchException(
          Errors.CORRUPT_MESSAGE,
          "%d bytes behind batch %d hold no whole record batch"
              .formatted(cursor.remainingBytes(), batchCount));
    }
    return new ValidatedBatches(batches, AppendOrigin.COORDINATOR, batchCount, recordCount);
  }

  /** What one walk needs; used by one thread at a time. */
  private static final class Workspace {
    private final RecordWindow window = new RecordWindow();
    private final RecordWalk walk = new RecordWalk();
    private final Decompression decompression = new Decompression();

    RecordWalk.Seen walk(ByteBuffer records, RecordBatchHeader batch, LogConfig config, long nowMs)
        throws InvalidBatchException {
      if (!batch.isCompressed()) {
        window.over(records);
        return walk.walk(window, batch, config, nowMs);
      }
      int limitBytes = config.maxDecompressedBytes();
      try (InputStream plain = decompression.open(records, batch.codecId(), limitBytes)) {
        window.over(plain, limitBytes);
        return walk.walk(window, batch, config, nowMs);
      } catch (IOException e) {
        throw new InvalidBatchException(
            Errors.INVALID_RECORD,
            "The records of the batch cannot be decompressed: " + e.getMessage());
      }
    }
  }
}
