package io.tidemark.tiering.segment;

import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.errors.CorruptRecordException;

/**
 * Checks batches as their bytes come by, in pieces of any size and without keeping them: CRC, and
 * that offsets rise within {@code [baseOffset, nextOffset)}. One thread; good for one segment.
 */
public final class BatchStream {
  private static final int CRC_START = 21;

  private final long endOffset;
  private final ByteBuffer headerBytes = ByteBuffer.allocate(RecordBatchHeader.SIZE_BYTES);
  private final RecordBatchHeader header = new RecordBatchHeader().wrap(headerBytes, 0);
  private final CRC32C crc = new CRC32C();
  private long expectedOffset;
  private int bodyLeft;
  private long records;

  public BatchStream(long baseOffset, long nextOffset) {
    this.expectedOffset = baseOffset;
    this.endOffset = nextOffset;
  }

  /** Takes the next bytes; the buffer's position stays. */
  public void accept(ByteBuffer bytes) {
    ByteBuffer left = bytes.duplicate();
    while (left.hasRemaining()) {
      if (headerBytes.hasRemaining()) {
        takeHeader(left);
      } else {
        takeBody(left);
      }
    }
  }

  /** Called behind the last bytes. */
  public void finish() {
    if (headerBytes.position() != 0) {
      throw new CorruptRecordException("The segment ends inside the batch after " + expectedOffset);
    }
  }

  /** Records of the batches that were whole and good so far. */
  public long records() {
    return records;
  }

  private void takeHeader(ByteBuffer left) {
    int length = Math.min(left.remaining(), headerBytes.remaining());
    headerBytes.put(left.slice(left.position(), length));
    left.position(left.position() + length);
    if (headerBytes.hasRemaining()) {
      return;
    }
    if (!header.isPlausible()
        || header.baseOffset() < expectedOffset
        || header.nextOffset() > endOffset) {
      throw new CorruptRecordException(
          "No batch at offset %d, or one out of place: base offset %d, last %d"
              .formatted(expectedOffset, header.baseOffset(), header.lastOffset()));
    }
    crc.reset();
    crc.update(headerBytes.slice(CRC_START, RecordBatchHeader.SIZE_BYTES - CRC_START));
    bodyLeft = header.sizeBytes() - RecordBatchHeader.SIZE_BYTES;
    endBatchWhenWhole();
  }

  private void takeBody(ByteBuffer left) {
    int length = Math.min(left.remaining(), bodyLeft);
    crc.update(left.slice(left.position(), length));
    left.position(left.position() + length);
    bodyLeft -= length;
    endBatchWhenWhole();
  }

  private void endBatchWhenWhole() {
    if (bodyLeft > 0) {
      return;
    }
    if (crc.getValue() != header.crc()) {
      throw new CorruptRecordException(
          "The batch at offset %d has CRC %08x and should have %08x"
              .formatted((Long) header.baseOffset(), (Long) crc.getValue(), (Long) header.crc()));
    }
    expectedOffset = header.nextOffset();
    records += header.count();
    headerBytes.clear();
  }
}
