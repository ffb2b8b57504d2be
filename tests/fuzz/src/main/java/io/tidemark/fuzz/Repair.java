package io.tidemark.fuzz;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Puts right what a parser looks at before it looks at anything else. Big-endian. */
public final class Repair {
  private Repair() {}

  /** Writes the CRC32C of {@code [from, to)} at {@code at}. */
  public static void crc32c(byte[] bytes, int at, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    ByteBuffer.wrap(bytes).putInt(at, (int) crc.getValue());
  }
}
