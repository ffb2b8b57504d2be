package io.tidemark.log.clean;

import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.partition.SegmentBatches;
import io.tidemark.log.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the batches of several segments, one behind the other, and counts their bytes. The segments
 * are retained by the caller, who also closes this. Not thread-safe, but may go from thread to
 * thread.
 */
final class SegmentRun implements AutoCloseable {
  private final Iterator<ClosedSegment> segments;
  private @Nullable SegmentBatches current;
  private long currentBytes;
  private long readBytes;

  SegmentRun(List<ClosedSegment> segments) {
    this.segments = segments.iterator();
  }

  /** Moves to the next batch; false at the end of the last segment. */
  boolean next() throws IOException {
    while (current != null || segments.hasNext()) {
      SegmentBatches batches = current == null ? open(segments.next()) : current;
      current = batches;
      if (batches.next()) {
        readBytes += batches.header().sizeBytes();
        return true;
      }
      close();
    }
    return false;
  }

  private SegmentBatches open(ClosedSegment segment) throws IOException {
    currentBytes = segment.sizeBytes();
    return SegmentBatches.of(segment);
  }

  /** Whether the batch moved to is the last of all. */
  boolean isAtEnd() {
    return !segments.hasNext() && batches().position() >= currentBytes;
  }

  ByteBuffer buffer() {
    return batches().buffer();
  }

  RecordBatchHeader header() {
    return batches().header();
  }

  private SegmentBatches batches() {
    if (current == null) {
      throw new IllegalStateException("There is no batch here");
    }
    return current;
  }

  long readBytes() {
    return readBytes;
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
