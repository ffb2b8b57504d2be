package io.tidemark.log.validate;

import io.tidemark.log.LogConfig;
import io.tidemark.log.record.RecordBatchHeader;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;

/**
 * Walks the records of one batch without making objects of them: framing, counts, offset deltas
 * 0..n-1, timestamps within the topic's limits, keys where the topic is compacted. Reused, not
 * thread-safe.
 *
 * <pre>
 *   record = varint length | int8 attributes | varlong timestamp delta | varint offset delta
 *          | varint key length (-1 none) key | varint value length (-1 none) value
 *          | varint header count ( varint key length key | varint value length (-1 none) value )*
 * </pre>
 */
final class RecordWalk {
  /** What the response can carry of a batch whose every record is wrong. */
  private static final int MAX_RECORD_ERRORS = 1_000;

  /** What was seen on the way. {@code maxTimestampMs} -1 when no record has one. */
  record Seen(long maxTimestampMs, long recordBytes) {}

  private final List<RecordError> errors = new ArrayList<>();
  private int errorCount;
  private boolean hasInvalidTimestamp;
  private boolean isCompressed;
  private long maxTimestampMs;

  /**
   * Walks the window's records; throws at the first that is malformed, and at the end when any was
   * refused.
   */
  Seen walk(RecordWindow records, RecordBatchHeader batch, LogConfig config, long nowMs)
      throws InvalidBatchException {
    reset();
    isCompressed = batch.isCompressed();
    int count = batch.count();
    long baseTimestampMs = batch.baseTimestamp();
    for (int index = 0; index < count; index++) {
      walkRecord(records, index, baseTimestampMs, config, nowMs);
    }
    if (!records.isAtEnd()) {
      throw invalid("Incorrect declared batch size, records still remaining in file");
    }
    throwIfRefused();
    return new Seen(maxTimestampMs, records.consumedBytes());
  }

  private void reset() {
    errors.clear();
    errorCount = 0;
    hasInvalidTimestamp = false;
    maxTimestampMs = RecordBatchHeader.NO_TIMESTAMP;
  }

  private void walkRecord(
      RecordWindow records, int index, long baseTimestampMs, LogConfig config, long nowMs)
      throws InvalidBatchException {
    int length = records.readVarint();
    if (length < 0) {
      throw invalid("Found invalid record size " + length);
    }
    if (isCompressed && length > config.maxDecompressedBytes()) {
      throw invalid(
          "Found a record of %d bytes, which exceeds the configured maximum of %d"
              .formatted(length, config.maxDecompressedBytes()));
    }
    final long end = records.consumedBytes() + length;
    records.readByte();
    final long timestampMs = baseTimestampMs + records.readVarlong();
    final int offsetDelta = records.readVarint();
    final boolean hasKey = skipSized(records, end);
    skipSized(records, end);
    skipHeaders(records, end);
    if (records.consumedBytes() != end) {
      throw invalid(
          "Invalid record size: expected to read %d bytes in record payload, but instead read %d"
              .formatted(length, records.consumedBytes() - end + length));
    }
    check(index, timestampMs, offsetDelta, hasKey, config, nowMs);
  }

  /** Skips a field with its length before it; false when it is null. */
  private static boolean skipSized(RecordWindow records, long end) throws InvalidBatchException {
    int size = records.readVarint();
    if (size < 0) {
      return false;
    }
    if (size > end - records.consumedBytes()) {
      throw invalid("Found a field of " + size + " bytes that does not end with its record");
    }
    records.skip(size);
    return true;
  }

  private static void skipHeaders(RecordWindow records, long end) throws InvalidBatchException {
    int count = records.readVarint();
    if (count < 0) {
      throw invalid("Found invalid number of record headers " + count);
    }
    if (count > end - records.consumedBytes()) {
      throw invalid(
          "Found invalid number of record headers. "
              + count
              + " is larger than the remaining size of the record");
    }
    for (int i = 0; i < count; i++) {
      if (!skipSized(records, end)) {
        throw invalid("Invalid negative header key size");
      }
      skipSized(records, end);
    }
  }

  private void check(
      int index, long timestampMs, int offsetDelta, boolean hasKey, LogConfig config, long nowMs) {
    if (config.messageTimestampType() == TimestampType.CREATE_TIME
        && !Timestamps.areInRange(timestampMs, config, nowMs)) {
      hasInvalidTimestamp = true;
      refuse(index, Timestamps.outOfRange(timestampMs, config, nowMs));
    } else if (offsetDelta != index) {
      refuse(
          index,
          "Inner record does not have incremental offsets: expected "
              + index
              + ", found "
              + offsetDelta);
    } else if (config.compact() && !hasKey) {
      refuse(index, "Compacted topic cannot accept message without key");
    } else {
      maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
    }
  }

  private void refuse(int index, String message) {
    errorCount++;
    if (errors.size() < MAX_RECORD_ERRORS) {
      errors.add(new RecordError(index, message));
    }
  }

  private void throwIfRefused() throws InvalidBatchException {
    if (hasInvalidTimestamp) {
      throw new InvalidBatchException(
          Errors.INVALID_TIMESTAMP,
          "One or more records have been rejected due to invalid timestamp",
          errors);
    }
    if (errorCount > 0) {
      throw new InvalidBatchException(
          Errors.INVALID_RECORD,
          "One or more records have been rejected due to %d record errors in total, and only showing the first three errors at most: %s"
              .formatted(errorCount, errors.subList(0, Math.min(3, errors.size()))),
          errors);
    }
  }

  private static InvalidBatchException invalid(String message) {
    return new InvalidBatchException(Errors.INVALID_RECORD, message);
  }
}
