package io.tidemark.log.segment;

import io.tidemark.log.disk.DiskFile;
import io.tidemark.log.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;

/**
 * Walks the batch headers of a segment's file from a position on, reading little more than them.
 * CRCs are not checked. Not thread-safe; the file stays the caller's.
 */
public final class BatchWalker {
  private static final int WINDOW_BYTES = 4096;

  private final DiskFile file;
  private final long end;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
  private final RecordBatchHeader header = new RecordBatchHeader();
  private long windowStart;
  private long position = -1;
  private long nextPosition;

  /** Batches of {@code [start, end)}; {@code start} must be the start of one. */
  public BatchWalker(DiskFile file, long start, long end) {
    this.file = file;
    this.end = end;
    this.nextPosition = start;
    this.windowStart = start;
    window.limit(0);
  }

  /**
   * Moves to the next batch; false at the end.
   *
   * @throws CorruptRecordException what is there is no batch, or does not end before the end
   */
  public boolean next() throws IOException {
    if (nextPosition >= end) {
      return false;
    }
    if (end - nextPosition < RecordBatchHeader.SIZE_BYTES) {
      throw corrupt("half a header");
    }
    fill();
    header.wrap(window, (int) (nextPosition - windowStart));
    if (!header.isPlausible()) {
      throw corrupt("no batch");
    }
    if (header.sizeBytes() > end - nextPosition) {
      throw corrupt("a batch of %d bytes that ends behind the log".formatted(header.sizeBytes()));
    }
    position = nextPosition;
    nextPosition += header.sizeBytes();
    return true;
  }

  private void fill() throws IOException {
    long start = nextPosition - windowStart;
    if (start >= 0 && start + RecordBatchHeader.SIZE_BYTES <= window.limit()) {
      return;
    }
    windowStart = nextPosition;
    window.clear().limit((int) Math.min(WINDOW_BYTES, end - nextPosition));
    file.read(window, windowStart);
    window.flip();
    if (window.limit() < RecordBatchHeader.SIZE_BYTES) {
      throw corrupt("the end of the file");
    }
  }

  private CorruptRecordException corrupt(String found) {
    return new CorruptRecordException("There is %s at position %d".formatted(found, nextPosition));
  }

  /** The header of the batch moved to last. */
  public RecordBatchHeader header() {
    return header;
  }

  /** Where the batch moved to last begins. */
  public long position() {
    return position;
  }

  /** Where the batch moved to last ends. */
  public long nextPosition() {
    return nextPosition;
  }

  /** The whole batch moved to last. */
  public ByteBuffer readBatch() throws IOException {
    ByteBuffer batch = ByteBuffer.allocate(header.sizeBytes());
    if (file.read(batch, position) < batch.capacity()) {
      throw corrupt("the end of the file");
    }
    return batch.flip();
  }
}
