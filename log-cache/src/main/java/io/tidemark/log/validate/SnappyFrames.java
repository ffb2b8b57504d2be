package io.tidemark.log.validate;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;

/**
 * Looks at the lengths a snappy payload announces, before a decompressor allocates them: the
 * library takes memory for an announced length at once, so thirty bytes could ask for half a
 * gigabyte.
 *
 * <pre>
 *   either  0x82 "SNAPPY" 0x00 | int32 version | int32 compatible | chunk*     chunk = int32 length | raw block
 *   or      raw block                                                         raw block = varint plain length | …
 * </pre>
 */
final class SnappyFrames {
  private static final long MAGIC = 0x82534E4150505900L;
  private static final int HEADER_BYTES = 16;

  private SnappyFrames() {}

  /** Refuses payloads whose announced lengths exceed the limit or the payload itself. */
  static void check(ByteBuffer payload, long maxPlainBytes) throws InvalidBatchException {
    ByteBuffer bytes = payload.duplicate();
    long plainBytes;
    if (bytes.remaining() >= HEADER_BYTES && bytes.getLong(bytes.position()) == MAGIC) {
      bytes.position(bytes.position() + HEADER_BYTES);
      plainBytes = chunks(bytes, maxPlainBytes);
    } else {
      plainBytes = plainLength(bytes);
    }
    if (plainBytes > maxPlainBytes) {
      throw new InvalidBatchException(
          Errors.MESSAGE_TOO_LARGE,
          "The records of the batch come to more than "
              + maxPlainBytes
              + " bytes when decompressed, which is the configured maximum.");
    }
  }

  private static long chunks(ByteBuffer bytes, long maxPlainBytes) throws InvalidBatchException {
    long plainBytes = 0;
    while (bytes.remaining() >= Integer.BYTES && plainBytes <= maxPlainBytes) {
      int length = bytes.getInt();
      if (length == (int) (MAGIC >>> 32)) {
        // Concatenated streams: another header where a chunk's length would be.
        bytes.position(Math.min(bytes.limit(), bytes.position() + HEADER_BYTES - Integer.BYTES));
        continue;
      }
      if (length < 0 || length > bytes.remaining()) {
        throw invalid("a chunk of " + length + " bytes in " + bytes.remaining());
      }
      plainBytes += plainLength(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
    }
    return plainBytes;
  }

  private static long plainLength(ByteBuffer block) throws InvalidBatchException {
    long length = 0;
    for (int i = 0; i < Math.min(5, block.remaining()); i++) {
      byte next = block.get(block.position() + i);
      length |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return length;
      }
    }
    throw invalid("a block without a length");
  }

  private static InvalidBatchException invalid(String what) {
    return new InvalidBatchException(
        Errors.INVALID_RECORD, "The records of the batch cannot be decompressed: " + what);
  }
}
