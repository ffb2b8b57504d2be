package io.tidemark.log.index;

import java.nio.ByteBuffer;

/**
 * Where things are in one segment; offsets are relative to the segment's base. Any thread reads.
 */
public sealed interface SegmentIndex permits SegmentIndexes, ActiveIndex {

  /** The position of a batch from which an offset is found by walking on. */
  int floorPosition(long relativeOffset);

  /**
   * The offset of the first batch that the index knows of and that begins at or behind a position;
   * -1 when there is none.
   */
  int ceilingOffset(long position);

  /** The offset of a batch from which the first record at or after a time is found. */
  int floorOffset(long timestampMs);

  /** The largest timestamp of the segment; -1 when it has none. */
  long maxTimestampMs();

  /** The offset of the batch that has the largest timestamp; 0 when none has one. */
  int maxTimestampOffset();

  /** All entries of one kind, read-only. */
  ByteBuffer entries(IndexKind kind);
}
