package io.tidemark.log.index;

import java.nio.ByteBuffer;

/**
 * Looks up offset index entries in a buffer: for every few KiB of log the base offset of a batch
 * and where it begins, both rising. Stateless; buffers are read from position 0 to their limit.
 *
 * <pre>
 *  0  int32  base offset of a batch, minus the segment's base offset
 *  4  int32  position of the batch in the segment
 * </pre>
 */
public final class OffsetIndexEntries {
  public static final int ENTRY_BYTES = 8;

  private OffsetIndexEntries() {}

  public static int count(ByteBuffer entries) {
    return entries.limit() / ENTRY_BYTES;
  }

  public static int relativeOffset(ByteBuffer entries, int entry) {
    return entries.getInt(entry * ENTRY_BYTES);
  }

  public static int position(ByteBuffer entries, int entry) {
    return entries.getInt(entry * ENTRY_BYTES + 4);
  }

  /**
   * The last entry at or below an offset relative to the segment's base; -1 when all lie above,
   * that is, the search has to begin at position 0.
   */
  public static int floor(ByteBuffer entries, long relativeOffset) {
    int low = 0;
    int high = count(entries);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (relativeOffset(entries, middle) <= relativeOffset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Where to begin looking for an offset, relative to the segment's base. */
  public static int floorPosition(ByteBuffer entries, long relativeOffset) {
    int entry = floor(entries, relativeOffset);
    return entry < 0 ? 0 : position(entries, entry);
  }

  /**
   * The offset of the first batch that has an entry and begins at or behind a position; -1 none.
   */
  public static int ceilingOffset(ByteBuffer entries, long position) {
    int low = 0;
    int high = count(entries);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (position(entries, middle) < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < count(entries) ? relativeOffset(entries, low) : -1;
  }
}
