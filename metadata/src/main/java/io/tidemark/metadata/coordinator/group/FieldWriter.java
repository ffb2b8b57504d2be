package io.tidemark.metadata.coordinator.group;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Writes the fields of Kafka's record formats into a growing array, big-endian. */
final class FieldWriter {
  private ByteBuffer bytes = ByteBuffer.allocate(96);

  /** Whether {@link #string} takes it: what was read from malformed UTF-8 grows when written. */
  static boolean fits(String value) {
    return 3L * value.length() <= Short.MAX_VALUE || Utils.utf8Length(value) <= Short.MAX_VALUE;
  }

  FieldWriter int16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  FieldWriter int32(int value) {
    room(4).putInt(value);
    return this;
  }

  FieldWriter int64(long value) {
    room(8).putLong(value);
    return this;
  }

  /** Seven bits a byte, lowest first; the top bit says that more follow. */
  FieldWriter unsignedVarint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      room(1).put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    room(1).put((byte) rest);
    return this;
  }

  FieldWriter uuid(Uuid value) {
    return int64(value.getMostSignificantBits()).int64(value.getLeastSignificantBits());
  }

  /** int16 length and UTF-8. */
  FieldWriter string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > Short.MAX_VALUE) {
      throw new IllegalArgumentException("string of " + utf8.length + " bytes in a record");
    }
    return int16(utf8.length).raw(utf8);
  }

  /** As {@link #string}, −1 for null. */
  FieldWriter nullableString(@Nullable String value) {
    return value == null ? int16(-1) : string(value);
  }

  /** Unsigned varint of length + 1 and UTF-8. */
  FieldWriter compactString(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return unsignedVarint(utf8.length + 1).raw(utf8);
  }

  /** int32 length and the bytes. */
  FieldWriter bytes(byte[] value) {
    return int32(value.length).raw(value);
  }

  private FieldWriter raw(byte[] value) {
    room(value.length).put(value);
    return this;
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      int capacity = Math.max(2 * bytes.capacity(), bytes.position() + more);
      bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), capacity)).position(bytes.position());
    }
    return bytes;
  }

  /** What was written. The writer is done. */
  ByteBuffer done() {
    return bytes.flip();
  }
}
