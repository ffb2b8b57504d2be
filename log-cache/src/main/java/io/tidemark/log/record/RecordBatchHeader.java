package io.tidemark.log.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A movable view of one record batch's header, format v2, in place in a buffer. It holds no copy:
 * {@link #wrap} points it at a batch, the setters write through. Not thread-safe; belongs to
 * whoever made it.
 *
 * <pre>
 *   0  int64  base offset             outside the CRC: set by the leader
 *   8  int32  length                  of all that follows this field
 *  12  int32  partition leader epoch  outside the CRC: set by the leader
 *  16  int8   magic = 2
 *  17  uint32 CRC32C                  of everything from 21 on
 *  21  int16  attributes              bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control,
 *                                     6 base timestamp is the delete horizon
 *  23  int32  last offset delta
 *  27  int64  base timestamp
 *  35  int64  max timestamp
 *  43  int64  producer id             -1 none
 *  51  int16  producer epoch
 *  53  int32  base sequence           -1 none
 *  57  int32  count
 *  61         records, compressed as a whole where a codec is set
 * </pre>
 */
public final class RecordBatchHeader {
  /** Bytes before the first record. */
  public static final int SIZE_BYTES = 61;

  /** Base offset and length: what must be read to know where a batch ends. */
  public static final int LENGTH_END = 12;

  /** The only format a log holds. */
  public static final byte MAGIC = 2;

  public static final long NO_PRODUCER_ID = -1;
  public static final int NO_SEQUENCE = -1;
  public static final long NO_TIMESTAMP = -1;

  static final int LENGTH_AT = 8;
  static final int EPOCH_AT = 12;
  static final int MAGIC_AT = 16;
  static final int CRC_AT = 17;
  static final int ATTRIBUTES_AT = 21;
  private static final int LAST_OFFSET_DELTA_AT = 23;
  private static final int BASE_TIMESTAMP_AT = 27;
  private static final int MAX_TIMESTAMP_AT = 35;
  private static final int PRODUCER_ID_AT = 43;
  private static final int PRODUCER_EPOCH_AT = 51;
  private static final int BASE_SEQUENCE_AT = 53;
  private static final int COUNT_AT = 57;

  private static final int CODEC_MASK = 0x07;
  private static final int LOG_APPEND_TIME = 0x08;
  private static final int TRANSACTIONAL = 0x10;
  private static final int CONTROL = 0x20;
  private static final int DELETE_HORIZON = 0x40;

  private @Nullable ByteBuffer buffer;
  private int position;

  /** Points this view at the batch that begins at an absolute position of the buffer. */
  public RecordBatchHeader wrap(ByteBuffer buffer, int position) {
    this.buffer = buffer;
    this.position = position;
    return this;
  }

  /** Where the batch begins in its buffer. */
  public int position() {
    return position;
  }

  public long baseOffset() {
    return bytes().getLong(position);
  }

  public long lastOffset() {
    return baseOffset() + lastOffsetDelta();
  }

  public long nextOffset() {
    return lastOffset() + 1;
  }

  /** The whole batch, header included; nonsense when the bytes are no batch. */
  public int sizeBytes() {
    return LENGTH_END + bytes().getInt(position + LENGTH_AT);
  }

  public int leaderEpoch() {
    return bytes().getInt(position + EPOCH_AT);
  }

  public byte magic() {
    return bytes().get(position + MAGIC_AT);
  }

  /** The checksum the batch carries, as an unsigned value. */
  public long crc() {
    return Integer.toUnsignedLong(bytes().getInt(position + CRC_AT));
  }

  public short attributes() {
    return bytes().getShort(position + ATTRIBUTES_AT);
  }

  /** Kafka's number of the codec: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; 5 to 7 are unknown. */
  public int codecId() {
    return attributes() & CODEC_MASK;
  }

  public boolean isCompressed() {
    return codecId() != 0;
  }

  public TimestampType timestampType() {
    return (attributes() & LOG_APPEND_TIME) == 0
        ? TimestampType.CREATE_TIME
        : TimestampType.LOG_APPEND_TIME;
  }

  public boolean isTransactional() {
    return (attributes() & TRANSACTIONAL) != 0;
  }

  public boolean isControl() {
    return (attributes() & CONTROL) != 0;
  }

  public boolean hasDeleteHorizon() {
    return (attributes() & DELETE_HORIZON) != 0;
  }

  public int lastOffsetDelta() {
    return bytes().getInt(position + LAST_OFFSET_DELTA_AT);
  }

  public long baseTimestamp() {
    return bytes().getLong(position + BASE_TIMESTAMP_AT);
  }

  public long maxTimestamp() {
    return bytes().getLong(position + MAX_TIMESTAMP_AT);
  }

  public long producerId() {
    return bytes().getLong(position + PRODUCER_ID_AT);
  }

  public boolean hasProducerId() {
    return producerId() != NO_PRODUCER_ID;
  }

  public short producerEpoch() {
    return bytes().getShort(position + PRODUCER_EPOCH_AT);
  }

  public int baseSequence() {
    return bytes().getInt(position + BASE_SEQUENCE_AT);
  }

  /** The sequence of the last record; it wraps from the largest int to 0. */
  public int lastSequence() {
    int base = baseSequence();
    return base == NO_SEQUENCE ? NO_SEQUENCE : Sequence.plus(base, lastOffsetDelta());
  }

  /** Records in the batch; a compacted batch may have fewer than offsets. */
  public int count() {
    return bytes().getInt(position + COUNT_AT);
  }

  /** Sets the offset of the first record; the CRC stays valid. */
  public void setBaseOffset(long baseOffset) {
    bytes().putLong(position, baseOffset);
  }

  /** Sets the epoch of the leader that appends; the CRC stays valid. */
  public void setLeaderEpoch(int leaderEpoch) {
    bytes().putInt(position + EPOCH_AT, leaderEpoch);
  }

  /** Stamps the batch with the time of the append and recomputes the CRC. */
  public void setLogAppendTime(long timestampMs) {
    setTimestamp(LOG_APPEND_TIME, timestampMs);
  }

  /** Sets the largest of the producer's timestamps and recomputes the CRC. */
  public void setMaxCreateTime(long timestampMs) {
    setTimestamp(0, timestampMs);
  }

  private void setTimestamp(int typeBit, long timestampMs) {
    int attributes = (attributes() & ~LOG_APPEND_TIME) | typeBit;
    if (attributes == attributes() && maxTimestamp() == timestampMs) {
      return;
    }
    bytes().putShort(position + ATTRIBUTES_AT, (short) attributes);
    bytes().putLong(position + MAX_TIMESTAMP_AT, timestampMs);
    bytes().putInt(position + CRC_AT, (int) computeCrc());
  }

  /**
   * Whether the header makes sense by itself: length, magic, deltas. Says nothing about the CRC and
   * needs only {@link #SIZE_BYTES} readable bytes.
   */
  public boolean isPlausible() {
    int length = bytes().getInt(position + LENGTH_AT);
    return length >= SIZE_BYTES - LENGTH_END
        && length <= Integer.MAX_VALUE - LENGTH_END
        && magic() == MAGIC
        && baseOffset() >= 0
        && lastOffsetDelta() >= 0;
  }

  /** Whether the batch, all of which must lie in the buffer, has the CRC it says. */
  public boolean isValidCrc() {
    return isPlausible() && position + sizeBytes() <= bytes().limit() && crc() == computeCrc();
  }

  /** Whether the bytes, all of which must lie in the buffer, have the CRC the header says. */
  public boolean matchesCrc() {
    return crc() == computeCrc();
  }

  private long computeCrc() {
    CRC32C crc = new CRC32C();
    crc.update(bytes().slice(position + ATTRIBUTES_AT, sizeBytes() - ATTRIBUTES_AT));
    return crc.getValue();
  }

  private ByteBuffer bytes() {
    if (buffer == null) {
      throw new IllegalStateException("The header points at no batch");
    }
    return buffer;
  }
}
