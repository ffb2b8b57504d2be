package io.tidemark.metadata.coordinator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Writes the fields of Kafka's record formats into a growing array, big-endian. */
public final class FieldWriter {
  private ByteBuffer bytes = ByteBuffer.allocate(96);

  /** Whether {@link #string} takes it: what was read from malformed UTF-8 grows when written. */
  public static boolean fits(String value) {
    return 3L * value.length() <= Short.MAX_VALUE || Utils.utf8Length(value) <= Short.MAX_VALUE;
  }

  public FieldWriter int8(int value) {
    room(1).put((byte) value);
    return this;
  }

  public FieldWriter int16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  public FieldWriter int32(int value) {
    room(4).putInt(value);
    return this;
  }

  public FieldWriter int64(long value) {
    room(8).putLong(value);
    return this;
  }

  /** Seven bits a byte, lowest first; the top bit says that more follow. */
  public FieldWriter unsignedVarint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      room(1).put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    room(1).put((byte) rest);
    return this;
  }

  public FieldWriter uuid(Uuid value) {
    return int64(value.getMostSignificantBits()).int64(value.getLeastSignificantBits());
  }

  /** int16 length and UTF-8. */
  public FieldWriter string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > Short.MAX_VALUE) {
      throw new IllegalArgumentException("string of " + utf8.length + " bytes in a record");
    }
    return int16(utf8.length).raw(utf8);
  }

  /** As {@link #string}, −1 for null. */
  public FieldWriter nullableString(@Nullable String value) {
    return value == null ? int16(-1) : string(value);
  }

  /** Unsigned varint of length + 1 and UTF-8. */
  public FieldWriter compactString(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return unsignedVarint(utf8.length + 1).raw(utf8);
  }

  /** int32 length and the bytes. */
  public FieldWriter bytes(byte[] value) {
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
  public ByteBuffer done() {
    return bytes.flip();
  }
}
