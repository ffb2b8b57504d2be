package io.tidemark.log.clean;

import java.nio.ByteBuffer;

/**
 * The newest offset of each key, in a table of fixed size: open addressing, 24 bytes a slot. Keys
 * are told apart by their {@link KeyHash}. Nothing is taken out again; a map is good for one round.
 * Not thread-safe, but may go from thread to thread.
 *
 * <pre>
 *   slot = int64 hash, high | int64 hash, low | int64 offset + 1 (0 none)
 * </pre>
 */
final class OffsetMap {
  static final int SLOT_BYTES = 24;
  static final int MAX_SLOTS = (Integer.MAX_VALUE - 8) / 3;
  static final long ABSENT = -1;

  private final KeyHash hash;
  private final int slots;
  private final int maxSize;
  private final long[] table;
  private int size;

  /**
   * @param slots of the table, at least 2
   * @param loadFactor how full it may become; one slot always stays free
   */
  OffsetMap(KeyHash hash, int slots, double loadFactor) {
    this.hash = hash;
    this.slots = slots;
    this.maxSize = Math.clamp((long) (slots * loadFactor), 1, slots - 1);
    this.table = new long[3 * slots];
  }

  /** How many slots suffice for so many keys. */
  static long slotsFor(long keys, double loadFactor) {
    return (long) Math.ceil((keys + 1) / loadFactor) + 1;
  }

  int size() {
    return size;
  }

  /** Notes an offset of a key, larger than any before; false when there is no room for the key. */
  boolean put(ByteBuffer key, long offset) {
    int at = find(key);
    if (table[at + 2] == 0) {
      if (size >= maxSize) {
        return false;
      }
      table[at] = hash.high();
      table[at + 1] = hash.low();
      size++;
    }
    table[at + 2] = offset + 1;
    return true;
  }

  /** The newest offset of a key; {@link #ABSENT} when it has none. */
  long get(ByteBuffer key) {
    return table[find(key) + 2] - 1;
  }

  /** Where in the table the key is, or would be. */
  private int find(ByteBuffer key) {
    hash.hash(key);
    int slot = (int) Math.unsignedMultiplyHigh(hash.low(), slots);
    while (true) {
      int at = 3 * slot;
      boolean isKey = table[at] == hash.high() && table[at + 1] == hash.low();
      if (isKey || table[at + 2] == 0) {
        return at;
      }
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
  }
}
