package io.tidemark.log.validate;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;

/**
 * What a batch's header must say before anybody looks further, in the order in which Kafka looks.
 */
final class BatchFraming {
  private static final int MAGIC_END = 17;
  private static final int SMALLEST_LEGACY_RECORD_BYTES = 14;

  private BatchFraming() {}

  /**
   * The produce request's rule: the buffer is exactly one batch of format v2, with the size it
   * says.
   */
  static RecordBatchHeader onlyBatch(ByteBuffer batches) throws InvalidBatchException {
    if (batches.remaining() < MAGIC_END) {
      throw invalid("Produce requests must have at least one record batch per partition");
    }
    RecordBatchHeader batch = new RecordBatchHeader().wrap(batches, batches.position());
    long sizeBytes = Integer.toUnsignedLong(batch.sizeBytes());
    int length = batch.sizeBytes() - RecordBatchHeader.LENGTH_END;
    if (length < SMALLEST_LEGACY_RECORD_BYTES) {
      throw corrupt(
          "Record size %d is less than the minimum record overhead (%d)"
              .formatted(length, SMALLEST_LEGACY_RECORD_BYTES));
    }
    if (batch.magic() < 0 || batch.magic() > RecordBatchHeader.MAGIC) {
      throw corrupt("Invalid magic found in record: " + batch.magic());
    }
    if (sizeBytes > batches.remaining()) {
      throw invalid("Produce requests must have at least one record batch per partition");
    }
    if (batch.magic() != RecordBatchHeader.MAGIC) {
      throw invalid(
          "Produce requests are only allowed to contain record batches with magic version 2");
    }
    if (sizeBytes < RecordBatchHeader.SIZE_BYTES) {
      throw corrupt(
          "Record batch is corrupt (the size %d is smaller than the minimum allowed overhead %d)"
              .formatted(sizeBytes, RecordBatchHeader.SIZE_BYTES));
    }
    if (sizeBytes < batches.remaining()) {
      throw invalid("Produce requests are only allowed to contain exactly one record batch");
    }
    return batch;
  }

  static void checkSize(int sizeBytes, LogConfig config) throws InvalidBatchException {
    if (sizeBytes > config.maxMessageBytes()) {
      throw new InvalidBatchException(
          Errors.MESSAGE_TOO_LARGE,
          "The record batch size in the append is %d bytes which exceeds the maximum configured value of %d."
              .formatted(sizeBytes, config.maxMessageBytes()));
    }
    if (sizeBytes > config.segmentBytes()) {
      throw new InvalidBatchException(
          Errors.RECORD_LIST_TOO_LARGE,
          "The record batch size in the append is %d bytes, which exceeds the maximum configured segment size of %d."
              .formatted(sizeBytes, config.segmentBytes()));
    }
  }

  static void checkCrc(RecordBatchHeader batch) throws InvalidBatchException {
    if (!batch.matchesCrc()) {
      throw corrupt("Record is corrupt (stored crc = %d)".formatted(batch.crc()));
    }
  }

  /** What a producer may say in a header. */
  static void checkProduced(RecordBatchHeader batch) throws InvalidBatchException {
    if (batch.baseOffset() != 0) {
      throw invalid(
          "The baseOffset of the record batch in the append should be 0, but it is "
              + batch.baseOffset());
    }
    if (batch.lastOffsetDelta() < 0) {
      throw invalid("Batch has an invalid offset range: [0, %d]".formatted(batch.lastOffset()));
    }
    checkCount(batch);
    if (batch.isControl()) {
      throw invalid("Clients are not allowed to write control records");
    }
    if (batch.hasDeleteHorizon()) {
      throw invalid("Clients are not allowed to set a delete horizon");
    }
    if (batch.timestampType() != TimestampType.CREATE_TIME) {
      throw new InvalidBatchException(
          Errors.INVALID_TIMESTAMP,
          "Invalid timestamp type in message. Producer should not set timestamp type to"
              + " LogAppendTime.");
    }
    checkProducer(batch);
  }

  private static void checkCount(RecordBatchHeader batch) throws InvalidBatchException {
    if (batch.count() <= 0) {
      throw invalid("Invalid reported count for record batch: " + batch.count());
    }
    if (batch.count() - 1 != batch.lastOffsetDelta()) {
      throw invalid(
          "Inconsistent batch offset range [%d, %d] and count of records %d"
              .formatted(batch.baseOffset(), batch.lastOffset(), batch.count()));
    }
  }

  private static void checkProducer(RecordBatchHeader batch) throws InvalidBatchException {
    if (batch.hasProducerId() && (batch.producerId() < 0 || batch.producerEpoch() < 0)) {
      throw invalid(
          "Invalid producer id %d with epoch %d"
              .formatted(batch.producerId(), batch.producerEpoch()));
    }
    if (batch.hasProducerId() && batch.baseSequence() < 0) {
      throw invalid(
          "Invalid sequence number %d in record batch with producerId %d"
              .formatted(batch.baseSequence(), batch.producerId()));
    }
    if (batch.isTransactional() && !batch.hasProducerId()) {
      throw invalid("A transactional record batch must have a producer id");
    }
  }

  /**
   * Whole batches with valid CRCs; a batch cut short at the end is left out, as fetches have them.
   */
  static ValidatedBatches replicated(ByteBuffer batches) throws InvalidBatchException {
    BatchCursor cursor = new BatchCursor(batches);
    int batchCount = 0;
    long recordCount = 0;
    while (cursor.next()) {
      checkCrc(cursor.header());
      batchCount++;
      recordCount += cursor.header().count();
    }
    if (batchCount == 0 && cursor.remainingBytes() > 0) {
      throw corrupt("%d bytes hold no whole record batch".formatted(cursor.remainingBytes()));
    }
    ByteBuffer whole = batches.duplicate();
    whole.limit(cursor.nextPosition());
    return new ValidatedBatches(
        whole, AppendOrigin.REPLICA, batchCount, (int) Math.min(recordCount, Integer.MAX_VALUE));
  }

  private static InvalidBatchException invalid(String message) {
    return new InvalidBatchException(Errors.INVALID_RECORD, message);
  }

  private static InvalidBatchException corrupt(String message) {
    return new InvalidBatchException(Errors.CORRUPT_MESSAGE, message);
  }
}
