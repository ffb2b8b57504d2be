package io.tidemark.log.index;

import java.nio.ByteBuffer;

/**
 * The indexes of a closed segment, in memory. Immutable.
 *
 * @param offset see {@link OffsetIndexEntries}
 * @param time see {@link TimeIndexEntries}
 * @param transaction see {@link TransactionIndexEntries}
 */
public record SegmentIndexes(ByteBuffer offset, ByteBuffer time, ByteBuffer transaction)
    implements SegmentIndex {
  private static final int OBJECT_BYTES = 256;

  /** What it costs to keep it. */
  int footprintBytes() {
    return OBJECT_BYTES + offset.limit() + time.limit() + transaction.limit();
  }

  @Override
  public int ceilingOffset(long position) {
    return OffsetIndexEntries.ceilingOffset(offset, position);
  }

  @Override
  public int floorPosition(long relativeOffset) {
    return OffsetIndexEntries.floorPosition(offset, relativeOffset);
  }

  @Override
  public int floorOffset(long timestampMs) {
    return TimeIndexEntries.floorOffset(time, timestampMs);
  }

  @Override
  public long maxTimestampMs() {
    return TimeIndexEntries.maxTimestampMs(time);
  }

  @Override
  public int maxTimestampOffset() {
    int count = TimeIndexEntries.count(time);
    return count == 0 ? 0 : TimeIndexEntries.relativeOffset(time, count - 1);
  }

  @Override
  public ByteBuffer entries(IndexKind kind) {
    ByteBuffer entries =
        switch (kind) {
          case OFFSET -> offset;
          case TIME -> time;
          case TRANSACTION -> transaction;
        };
    return entries.asReadOnlyBuffer();
  }
}
