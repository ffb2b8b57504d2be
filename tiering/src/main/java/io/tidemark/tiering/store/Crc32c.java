package io.tidemark.tiering.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C of buffers, which stay as they are. */
public final class Crc32c {
  private Crc32c() {}

  /** CRC32C of the remaining bytes. */
  public static int of(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
