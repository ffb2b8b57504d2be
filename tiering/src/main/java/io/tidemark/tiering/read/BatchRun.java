package io.tidemark.tiering.read;

import io.tidemark.log.index.OffsetIndexEntries;
import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;

/**
 * Finds the run of whole batches that answers a read: from the batch that contains an offset on, as
 * far as bytes are in memory and wanted. Walks headers only; between the first batch and the last
 * few it jumps by the offset index.
 */
sealed interface BatchRun {
  /** Bytes {@code [start, end)} of the records; empty when the first batch is too large. */
  record Whole(long start, long end, long baseOffset, long nextOffset) implements BatchRun {}

  /** The first batch cannot be seen whole without these bytes. */
  record Missing(long start, long end) implements BatchRun {}

  /** No batch of the segment holds the offset or comes after it. */
  record PastEnd() implements BatchRun {}

  /**
   * The run that begins with the batch that holds {@code offset}.
   *
   * @param start where a batch begins that is not behind the one wanted
   */
  static BatchRun find(
      SegmentView view, long start, long offset, int maxBytes, boolean atLeastOneBatch) {
    long position = start;
    while (position < view.recordsBytes()) {
      RecordBatchHeader header = view.headerAt(position);
      if (header == null) {
        return new Missing(position, position + RecordBatchHeader.SIZE_BYTES);
      }
      if (header.lastOffset() >= offset) {
        return from(view, position, header, maxBytes, atLeastOneBatch);
      }
      position += header.sizeBytes();
    }
    return new PastEnd();
  }

  private static BatchRun from(
      SegmentView view,
      long start,
      RecordBatchHeader first,
      int maxBytes,
      boolean atLeastOneBatch) {
    long baseOffset = first.baseOffset();
    long nextOffset = first.nextOffset();
    int firstBytes = first.sizeBytes();
    if (firstBytes > maxBytes && !atLeastOneBatch) {
      return new Whole(start, start, baseOffset, baseOffset);
    }
    long firstEnd = start + firstBytes;
    long wanted = Math.min(view.recordsBytes(), start + Math.max(maxBytes, firstBytes));
    long limit = view.contiguousEnd(start, wanted);
    if (limit < firstEnd) {
      return new Missing(start, firstEnd);
    }
    Whole jumped = jump(view, new Whole(start, firstEnd, baseOffset, nextOffset), limit);
    return walk(view, jumped, limit);
  }

  /** To the last batch that the offset index knows to begin at or before {@code limit}. */
  private static Whole jump(SegmentView view, Whole run, long limit) {
    ByteBuffer entries = view.tail().offsetIndex();
    int low = 0;
    int high = OffsetIndexEntries.count(entries);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (OffsetIndexEntries.position(entries, middle) <= limit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int last = low - 1;
    if (last < 0 || OffsetIndexEntries.position(entries, last) <= run.end()) {
      return run;
    }
    return new Whole(
        run.start(),
        OffsetIndexEntries.position(entries, last),
        run.baseOffset(),
        view.segment().baseOffset() + OffsetIndexEntries.relativeOffset(entries, last));
  }

  private static Whole walk(SegmentView view, Whole run, long limit) {
    long end = run.end();
    long nextOffset = run.nextOffset();
    while (end + RecordBatchHeader.SIZE_BYTES <= limit) {
      RecordBatchHeader header = view.headerAt(end);
      if (header == null || end + header.sizeBytes() > limit) {
        break;
      }
      end += header.sizeBytes();
      nextOffset = header.nextOffset();
    }
    return new Whole(run.start(), end, run.baseOffset(), nextOffset);
  }
}
