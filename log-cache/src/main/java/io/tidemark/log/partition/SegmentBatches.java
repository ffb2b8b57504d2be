package io.tidemark.log.partition;

import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.segment.BatchScanner;
import io.tidemark.log.segment.OpenFile;
import io.tidemark.log.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;

/**
 * Walks the batches of a closed segment, checking the CRC and place of each. It keeps the file open
 * until it is closed by whoever asked for it. Not thread-safe, but may go from thread to thread.
 */
public final class SegmentBatches implements AutoCloseable {
  private final Segment segment;
  private final OpenFile file;
  private final BatchScanner scanner;
  private final long endOffset;
  private boolean isClosed;

  /** All batches of a segment that a log gave and the caller retains. */
  public static SegmentBatches of(ClosedSegment segment) throws IOException {
    return ((StoredSegment) segment).batches();
  }

  /**
   * @param endOffset where the batches must end, without a gap before; -1 where gaps are right
   */
  SegmentBatches(Segment segment, long sizeBytes, long endOffset) throws IOException {
    this.segment = segment;
    this.endOffset = endOffset;
    this.file = segment.acquire();
    this.scanner = new BatchScanner(file.file(), endOffset >= 0);
    scanner.begin(0, sizeBytes, segment.baseOffset());
  }

  /**
   * Moves to the next batch; false at the end.
   *
   * @throws CorruptRecordException naming the place, when there is no whole and right batch
   */
  public boolean next() throws IOException {
    if (scanner.next()) {
      return true;
    }
    BatchScanner.End end = scanner.end();
    if (end.reason() != null) {
      throw damaged(end, end.reason());
    }
    if (endOffset >= 0 && end.nextOffset() != endOffset) {
      throw damaged(end, "it ends before offset " + endOffset);
    }
    return false;
  }

  private CorruptRecordException damaged(BatchScanner.End end, String reason) {
    return new CorruptRecordException(
        "%s is damaged at position %d, offset %d: %s"
            .formatted(segment, end.position(), end.nextOffset(), reason));
  }

  /** The bytes that hold the batch, at its header's position; until the next move. */
  public ByteBuffer buffer() {
    return scanner.buffer();
  }

  public RecordBatchHeader header() {
    return scanner.header();
  }

  /** How many bytes have been walked. */
  public long position() {
    return scanner.end().position();
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      file.release();
    }
  }
}
