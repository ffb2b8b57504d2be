package io.tidemark.log.index;

import java.nio.ByteBuffer;

/**
 * Looks up time index entries in a buffer: the largest timestamp so far and the batch that brought
 * it. Timestamps and offsets rise. The last entry carries the largest timestamp of the segment.
 * Stateless; buffers are read from position 0 to their limit.
 *
 * <pre>
 *  0  int64  timestamp, ms
 *  8  int32  base offset of the batch, minus the segment's base offset
 * </pre>
 */
public final class TimeIndexEntries {
  public static final int ENTRY_BYTES = 12;

  private TimeIndexEntries() {}

  public static int count(ByteBuffer entries) {
    return entries.limit() / ENTRY_BYTES;
  }

  public static long timestampMs(ByteBuffer entries, int entry) {
    return entries.getLong(entry * ENTRY_BYTES);
  }

  public static int relativeOffset(ByteBuffer entries, int entry) {
    return entries.getInt(entry * ENTRY_BYTES + 8);
  }

  /** The largest timestamp of the segment; -1 when it has none. */
  public static long maxTimestampMs(ByteBuffer entries) {
    int count = count(entries);
    return count == 0 ? -1 : timestampMs(entries, count - 1);
  }

  /**
   * Relative offset of the batch from which to look for the first record at or after a time: all
   * records before it are older. 0 when the search has to begin at the segment's first batch.
   */
  public static int floorOffset(ByteBuffer entries, long timestampMs) {
    int low = 0;
    int high = count(entries);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (timestampMs(entries, middle) < timestampMs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 0 : relativeOffset(entries, low - 1);
  }
}
