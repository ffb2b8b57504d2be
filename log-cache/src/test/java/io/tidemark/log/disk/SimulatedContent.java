package io.tidemark.log.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * The bytes of a simulated file: as the page cache has them, and as the disk would have them after
 * a crash. Guarded by its {@link SimulatedDisk}.
 */
final class SimulatedContent {
  private byte[] cached = new byte[0];
  private int sizeBytes;
  private byte[] durable = new byte[0];

  /** Sectors of the cached bytes that differ, or may, from the durable ones. */
  private final BitSet dirty = new BitSet();

  long sizeBytes() {
    return sizeBytes;
  }

  byte[] all() {
    return Arrays.copyOf(cached, sizeBytes);
  }

  int read(ByteBuffer dst, long position) {
    int length = (int) Math.max(0, Math.min(dst.remaining(), sizeBytes - position));
    if (length > 0) {
      dst.put(cached, (int) position, length);
    }
    return length;
  }

  void write(ByteBuffer source, long position) {
    int at = (int) position;
    int end = at + source.remaining();
    if (end > cached.length) {
      cached = Arrays.copyOf(cached, Math.max(end, 2 * cached.length));
    }
    touch(Math.min(at, sizeBytes), end);
    source.get(cached, at, end - at);
    sizeBytes = Math.max(sizeBytes, end);
  }

  void truncate(long newSizeBytes) {
    if (newSizeBytes < sizeBytes) {
      Arrays.fill(cached, (int) newSizeBytes, sizeBytes, (byte) 0);
      touch((int) newSizeBytes, sizeBytes);
      sizeBytes = (int) newSizeBytes;
    }
  }

  private void touch(int from, int to) {
    if (to > from) {
      dirty.set(from / SimulatedDisk.SECTOR_BYTES, (to - 1) / SimulatedDisk.SECTOR_BYTES + 1);
    }
  }

  void flip(long position, int bits) {
    cached[(int) position] ^= (byte) bits;
    if (position < durable.length) {
      durable[(int) position] ^= (byte) bits;
    }
  }

  void force() {
    durable = all();
    dirty.clear();
  }

  boolean isDirty() {
    return !dirty.isEmpty();
  }

  /** Any dirty sector may be as written, as before, or, where the file grew, zero. */
  void crash(RandomGenerator random) {
    int size = survivingSize(random);
    byte[] left = Arrays.copyOf(durable, size);
    boolean isAllLost = random.nextInt(4) == 0;
    for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
      int from = sector * SimulatedDisk.SECTOR_BYTES;
      int to = Math.min(Math.min(from + SimulatedDisk.SECTOR_BYTES, size), sizeBytes);
      if (!isAllLost && from < to && random.nextBoolean()) {
        System.arraycopy(cached, from, left, from, to - from);
      }
    }
    cached = left;
    sizeBytes = size;
    durable = left.clone();
    dirty.clear();
  }

  private int survivingSize(RandomGenerator random) {
    int low = Math.min(durable.length, sizeBytes);
    int high = Math.max(durable.length, sizeBytes);
    return switch (random.nextInt(4)) {
      case 0 -> durable.length;
      case 1 -> sizeBytes;
      default -> low + random.nextInt(high - low + 1);
    };
  }
}
