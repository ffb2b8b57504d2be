package io.tidemark.log.validate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a batch's records, front to back: the batch's own buffer, or a window of fixed size
 * over its decompression, so that no batch can take more memory than the window. Counts what it has
 * handed out and refuses to go past a limit. Reused, not thread-safe.
 */
final class RecordWindow {
  static final int SIZE_BYTES = 64 << 10;

  private final byte[] decompressed = new byte[SIZE_BYTES];
  private ByteBuffer window = ByteBuffer.allocate(0);
  private @Nullable InputStream source;
  // Bytes of windows before the present one, and of the part of the present one before its start.
  private long windowStart;
  private long limitBytes;

  /** Reads these bytes as they are. The buffer is not moved. */
  void over(ByteBuffer bytes) {
    window = bytes.duplicate();
    windowStart = -window.position();
    source = null;
    limitBytes = bytes.remaining();
  }

  /** Reads what the stream gives, up to the limit. */
  void over(InputStream stream, long newLimitBytes) {
    window = ByteBuffer.wrap(decompressed).limit(0);
    windowStart = 0;
    source = stream;
    limitBytes = newLimitBytes;
  }

  /** Forgets the batch. */
  void clear() {
    window = ByteBuffer.allocate(0);
    source = null;
  }

  /** How many bytes have been read or skipped. */
  long consumedBytes() {
    return windowStart + window.position();
  }

  boolean isAtEnd() throws InvalidBatchException {
    return !window.hasRemaining() && !refill();
  }

  byte readByte() throws InvalidBatchException {
    if (!window.hasRemaining() && !refill()) {
      throw prematureEnd();
    }
    return window.get();
  }

  int readVarint() throws InvalidBatchException {
    int raw = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte next = readByte();
      raw |= (next & 0x7f) << shift;
      if (next >= 0) {
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw invalid("Found a varint of more than 5 bytes");
  }

  long readVarlong() throws InvalidBatchException {
    long raw = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = readByte();
      raw |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw invalid("Found a varlong of more than 10 bytes");
  }

  void skip(int count) throws InvalidBatchException {
    int left = count;
    while (left > window.remaining()) {
      left -= window.remaining();
      window.position(window.limit());
      if (!refill()) {
        throw prematureEnd();
      }
    }
    window.position(window.position() + left);
  }

  /** The next window; false at the end. */
  private boolean refill() throws InvalidBatchException {
    if (source == null) {
      return false;
    }
    windowStart += window.position();
    int read = decompress(source);
    window = ByteBuffer.wrap(decompressed, 0, Math.max(read, 0));
    if (windowStart + Math.max(read, 0) > limitBytes) {
      throw new InvalidBatchException(
          Errors.MESSAGE_TOO_LARGE,
          "The records of the batch come to more than "
              + limitBytes
              + " bytes when decompressed, which is the configured maximum.");
    }
    return read > 0;
  }

  private int decompress(InputStream stream) throws InvalidBatchException {
    try {
      return stream.read(decompressed, 0, decompressed.length);
    } catch (IOException | RuntimeException e) {
      // The codecs are not ours, and what they throw at hostile bytes is not documented.
      throw invalid("The records of the batch cannot be decompressed: " + e.getMessage());
    }
  }

  private static InvalidBatchException prematureEnd() {
    return invalid("Incorrect declared batch size, premature EOF reached");
  }

  private static InvalidBatchException invalid(String message) {
    return new InvalidBatchException(Errors.INVALID_RECORD, message);
  }
}
