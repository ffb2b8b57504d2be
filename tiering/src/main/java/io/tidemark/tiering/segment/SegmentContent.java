package io.tidemark.tiering.segment;

import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.tiering.store.ObjectContent;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A segment object's bytes: the records from the segment's file, each whole block checked again as
 * it is read, all else from memory. Safe from any thread while the segment is retained.
 */
record SegmentContent(ClosedSegment segment, BlockChecksums blocks, ByteBuffer tail)
    implements ObjectContent {
  @Override
  public long sizeBytes() {
    return segment.sizeBytes() + tail.limit();
  }

  @Override
  public void read(ByteBuffer dst, long position) throws IOException {
    long recordsBytes = segment.sizeBytes();
    if (position < recordsBytes) {
      readRecords(dst, position, recordsBytes);
    }
    if (dst.hasRemaining()) {
      int from = Math.toIntExact(Math.max(0, position - recordsBytes));
      dst.put(tail.slice(from, dst.remaining()));
    }
  }

  private void readRecords(ByteBuffer dst, long position, long recordsBytes) throws IOException {
    int limit = dst.limit();
    int length = (int) Math.min(dst.remaining(), recordsBytes - position);
    dst.limit(dst.position() + length);
    SegmentObjectWriter.readFully(segment, dst, position);
    if (!blocks.matches(dst, position)) {
      throw new IOException(
          "The segment at %d changed after it was checked".formatted(segment.baseOffset()));
    }
    dst.position(dst.limit()).limit(limit);
  }
}
