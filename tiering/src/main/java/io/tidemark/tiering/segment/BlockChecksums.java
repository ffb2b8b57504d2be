package io.tidemark.tiering.segment;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C of every {@code blockBytes} of a segment's records, so that any piece of it can be checked
 * without the rest. The last block may be shorter. The buffer holds one int32 for each. Immutable.
 */
public final class BlockChecksums {
  /** Divides every chunk size a reader may use. */
  public static final int BLOCK_BYTES = 64 * 1024;

  private final ByteBuffer checksums;
  private final int blockBytes;
  private final long recordsBytes;

  BlockChecksums(ByteBuffer checksums, int blockBytes, long recordsBytes) {
    this.checksums = checksums;
    this.blockBytes = blockBytes;
    this.recordsBytes = recordsBytes;
  }

  static int count(long recordsBytes, int blockBytes) {
    return Math.toIntExact((recordsBytes + blockBytes - 1) / blockBytes);
  }

  public int blockBytes() {
    return blockBytes;
  }

  /**
   * Whether the remaining bytes of {@code bytes}, which begin at {@code position} of the records,
   * are right in every block that they hold whole. Blocks cut at either end are not looked at.
   */
  public boolean matches(ByteBuffer bytes, long position) {
    CRC32C crc = new CRC32C();
    long end = position + bytes.remaining();
    long blockStart = (position + blockBytes - 1) / blockBytes * blockBytes;
    while (blockStart < end) {
      long blockEnd = Math.min(blockStart + blockBytes, recordsBytes);
      if (blockEnd > end) {
        return true;
      }
      crc.reset();
      crc.update(
          bytes.slice(
              bytes.position() + (int) (blockStart - position), (int) (blockEnd - blockStart)));
      if ((int) crc.getValue() != checksums.getInt((int) (blockStart / blockBytes) * 4)) {
        return false;
      }
      blockStart = blockEnd;
    }
    return true;
  }
}
