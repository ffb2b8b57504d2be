package io.tidemark.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of a batch that is not compressed, in place and without an object per record.
 * Headers are passed over. Reused; not thread-safe.
 *
 * <pre>
 *   record = varint length | int8 attributes | varlong timestamp delta | varint offset delta
 *          | varint key length (-1 none) key | varint value length (-1 none) value | headers
 * </pre>
 */
public final class RecordCursor {
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private long baseOffset;
  private long baseTimestampMs;
  private long appendTimestampMs;
  private int left;
  private int end;
  private int position;

  // Of the record moved to last.
  private long offset;
  private long timestampMs;
  private int keyAt;
  private int keyBytes;
  private int valueAt;
  private int valueBytes;

  /** Goes to the start of the batch that lies in the buffer at its header's position. */
  public void begin(ByteBuffer buffer, RecordBatchHeader batch) {
    if (batch.isCompressed()) {
      throw new IllegalArgumentException(
          "The batch at offset " + batch.baseOffset() + " is compressed");
    }
    bytes = buffer;
    baseOffset = batch.baseOffset();
    baseTimestampMs = batch.baseTimestamp();
    appendTimestampMs =
        switch (batch.timestampType()) {
          case LOG_APPEND_TIME -> batch.maxTimestamp();
          case CREATE_TIME, NO_TIMESTAMP_TYPE -> RecordBatchHeader.NO_TIMESTAMP;
        };
    left = batch.count();
    position = batch.position() + RecordBatchHeader.SIZE_BYTES;
    end = batch.position() + batch.sizeBytes();
  }

  /**
   * Moves to the next record; false at the end.
   *
   * @throws CorruptRecordException there is no record
   */
  public boolean next() {
    if (left == 0) {
      return false;
    }
    left--;
    try {
      read();
      return true;
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new CorruptRecordException(
          "The records of the batch at offset %d cannot be read: %s"
              .formatted(baseOffset, e.getMessage()));
    }
  }

  private void read() {
    int length = varint();
    int next = position + length;
    if (length < 0 || next > end) {
      throw new IllegalArgumentException("a record of " + length + " bytes");
    }
    position++;
    long timestamp = baseTimestampMs + varlong();
    timestampMs = appendTimestampMs >= 0 ? appendTimestampMs : timestamp;
    offset = baseOffset + varint();
    keyBytes = varint();
    keyAt = position;
    position += Math.max(0, keyBytes);
    valueBytes = varint();
    valueAt = position;
    position += Math.max(0, valueBytes);
    if (position > next) {
      throw new IllegalArgumentException("a record that ends within its value");
    }
    position = next;
  }

  public long offset() {
    return offset;
  }

  public long timestampMs() {
    return timestampMs;
  }

  public boolean hasValue() {
    return valueBytes >= 0;
  }

  /** A view of the key's bytes; null when there is none. */
  public @Nullable ByteBuffer key() {
    return keyBytes < 0 ? null : bytes.slice(keyAt, keyBytes);
  }

  /** A view of the value's bytes; null for a tombstone. */
  public @Nullable ByteBuffer value() {
    return valueBytes < 0 ? null : bytes.slice(valueAt, valueBytes);
  }

  /**
   * Lets a view of the batch's buffer show the key, without an object.
   *
   * @return false when there is no key
   */
  boolean showKey(ByteBuffer view) {
    if (keyBytes < 0) {
      return false;
    }
    view.limit(keyAt + keyBytes).position(keyAt);
    return true;
  }

  private int varint() {
    int raw = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte next = bytes.get(position++);
      raw |= (next & 0x7f) << shift;
      if (next >= 0) {
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new IllegalArgumentException("a varint of more than 5 bytes");
  }

  private long varlong() {
    long raw = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = bytes.get(position++);
      raw |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new IllegalArgumentException("a varlong of more than 10 bytes");
  }
}
