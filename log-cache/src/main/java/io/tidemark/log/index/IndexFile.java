package io.tidemark.log.index;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An index as it lies beside a closed segment: a head by which damage and staleness are known, then
 * the entries. What does not fit is rebuilt from the segment, so nothing here is ever fatal.
 *
 * <pre>
 *  0  int32  "TMIX"
 *  4  int8   version = 1
 *  5  int8   kind: 0 offset, 1 time, 2 transaction
 *  6  int16  0
 *  8  int32  CRC32C of everything from 12 on
 * 12  int32  number of entries
 * 16  int64  size of the segment it describes, bytes
 * 24         entries
 * </pre>
 */
public final class IndexFile {
  public static final int HEAD_BYTES = 24;

  private static final int MAGIC = 0x544D4958;
  private static final byte VERSION = 1;
  private static final int CRC_AT = 8;
  private static final int CHECKED_FROM = 12;

  private IndexFile() {}

  /** The file's bytes for these entries, which are not moved. */
  public static ByteBuffer encode(IndexKind kind, ByteBuffer entries, long segmentSizeBytes) {
    ByteBuffer file = ByteBuffer.allocate(HEAD_BYTES + entries.limit());
    file.putInt(MAGIC).put(VERSION).put(kind.number()).putShort((short) 0);
    file.putInt(0).putInt(entries.limit() / kind.entryBytes()).putLong(segmentSizeBytes);
    file.put(entries.duplicate().position(0)).flip();
    return file.putInt(CRC_AT, crc(file));
  }

  /**
   * The entries of a file, read-only; null when it is damaged, cut, of another kind or version, or
   * describes a segment of another size.
   */
  public static @Nullable ByteBuffer decode(IndexKind kind, byte[] bytes, long segmentSizeBytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    if (bytes.length < HEAD_BYTES || file.getInt(0) != MAGIC || file.get(4) != VERSION) {
      return null;
    }
    if (file.getShort(6) != 0 || file.get(5) != kind.number() || file.getInt(CRC_AT) != crc(file)) {
      return null;
    }
    boolean isWhole = (long) file.getInt(12) * kind.entryBytes() == bytes.length - HEAD_BYTES;
    if (!isWhole || file.getLong(16) != segmentSizeBytes) {
      return null;
    }
    return file.slice(HEAD_BYTES, bytes.length - HEAD_BYTES).asReadOnlyBuffer();
  }

  private static int crc(ByteBuffer file) {
    CRC32C crc = new CRC32C();
    crc.update(file.slice(CHECKED_FROM, file.limit() - CHECKED_FROM));
    return (int) crc.getValue();
  }
}
