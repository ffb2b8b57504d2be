package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.disk.DiskFile;
import io.tidemark.log.disk.OpenMode;
import io.tidemark.log.index.ActiveIndex;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to take the place of neighbouring closed segments, while it is written beside them: a
 * file that the next start removes unless {@link PartitionLog} has taken it over. Written by one
 * thread at a time, who finishes or discards it.
 */
public final class CleanedSegment {
  private static final Logger log = LoggerFactory.getLogger(CleanedSegment.class);
  private static final int BUFFER_BYTES = 1 << 20;

  private final Disk disk;
  private final Path folder;
  private final SegmentFiles.Range range;
  private final int indexIntervalBytes;
  private final DiskFile file;
  private final ActiveIndex index = new ActiveIndex();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long writtenBytes;
  private boolean isClosed;

  CleanedSegment(Disk disk, Path folder, SegmentFiles.Range range, int indexIntervalBytes)
      throws IOException {
    this.disk = disk;
    this.folder = folder;
    this.range = range;
    this.indexIntervalBytes = indexIntervalBytes;
    this.file = disk.open(range.cleaned(folder), OpenMode.CREATE);
    file.truncate(0);
  }

  public long baseOffset() {
    return range.baseOffset();
  }

  /** One past the last offset it stands for. */
  public long nextOffset() {
    return range.nextOffset();
  }

  public long sizeBytes() {
    return writtenBytes + buffer.position();
  }

  /** Adds batches behind the last; the buffer, from position to limit, is copied and not moved. */
  public void append(ByteBuffer batches) throws IOException {
    index(batches);
    if (batches.remaining() > buffer.remaining()) {
      flush();
    }
    if (batches.remaining() > buffer.remaining()) {
      file.write(batches.duplicate(), writtenBytes);
      writtenBytes += batches.remaining();
    } else {
      buffer.put(batches.duplicate());
    }
  }

  private void index(ByteBuffer batches) {
    BatchCursor cursor = new BatchCursor(batches);
    long position = sizeBytes();
    while (cursor.next()) {
      RecordBatchHeader batch = cursor.header();
      index.add(
          Math.toIntExact(batch.baseOffset() - range.baseOffset()),
          Math.toIntExact(position),
          batch.sizeBytes(),
          batch.count() == 0 ? RecordBatchHeader.NO_TIMESTAMP : batch.maxTimestamp(),
          indexIntervalBytes);
      position += batch.sizeBytes();
    }
  }

  /** Notes an aborted transaction of which batches are left and whose marker is here. */
  public void aborted(AbortedTransaction transaction) {
    index.add(transaction);
  }

  private void flush() throws IOException {
    buffer.flip();
    if (buffer.hasRemaining()) {
      int count = buffer.remaining();
      file.write(buffer.duplicate(), writtenBytes);
      writtenBytes += count;
    }
    buffer.clear();
  }

  /** Makes what is written durable; nothing is added afterwards. */
  public void finish() throws IOException {
    flush();
    file.force(true);
    close();
  }

  /** Removes it, unless a log has taken it over; what cannot be removed is left to a start. */
  public void discard() {
    try {
      close();
      disk.delete(range.cleaned(folder));
    } catch (IOException e) {
      log.debug("{} is left to the next start: {}", range.cleaned(folder), e.getMessage());
    }
  }

  private void close() throws IOException {
    if (!isClosed) {
      isClosed = true;
      file.close();
    }
  }

  ActiveIndex index() {
    return index;
  }

  SegmentFiles.Range range() {
    return range;
  }
}
