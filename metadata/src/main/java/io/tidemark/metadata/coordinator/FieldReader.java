package io.tidemark.metadata.coordinator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of Kafka's record formats. Every length is checked against what is left before
 * anything is allocated; running past the end throws {@link java.nio.BufferUnderflowException}, a
 * length that cannot be {@link IllegalArgumentException}.
 */
public final class FieldReader {
  private final ByteBuffer bytes;

  /** Reads a view of the buffer, which stays as it is. */
  public FieldReader(ByteBuffer source) {
    this.bytes = source.duplicate();
  }

  public int int8() {
    return bytes.get();
  }

  public int int16() {
    return bytes.getShort();
  }

  public int int32() {
    return bytes.getInt();
  }

  public long int64() {
    return bytes.getLong();
  }

  public int unsignedVarint() {
    int value = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      byte next = bytes.get();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("varint of more than five bytes");
  }

  public Uuid uuid() {
    return new Uuid(int64(), int64());
  }

  public String string() {
    return utf8(int16());
  }

  public @Nullable String nullableString() {
    int length = int16();
    return length < 0 ? null : utf8(length);
  }

  public String compactString() {
    return utf8(unsignedVarint() - 1);
  }

  public @Nullable String nullableCompactString() {
    int length = unsignedVarint();
    return length == 0 ? null : utf8(length - 1);
  }

  public byte[] bytes() {
    return raw(int32());
  }

  public byte[] compactBytes() {
    return raw(unsignedVarint() - 1);
  }

  /** The number of elements that follow, each of at least {@code elementBytes}. */
  public int arrayLength(int elementBytes) {
    return checkedLength(int32(), elementBytes);
  }

  public int compactArrayLength(int elementBytes) {
    return checkedLength(unsignedVarint() - 1, elementBytes);
  }

  /** As {@link #arrayLength}, 0 for null. */
  public int nullableArrayLength(int elementBytes) {
    int length = int32();
    return length == -1 ? 0 : checkedLength(length, elementBytes);
  }

  /** As {@link #compactArrayLength}, 0 for null. */
  public int nullableCompactArrayLength(int elementBytes) {
    int length = unsignedVarint();
    return length == 0 ? 0 : checkedLength(length - 1, elementBytes);
  }

  /** Passes over a section of tagged fields. */
  public void skipTaggedFields() {
    int fields = unsignedVarint();
    for (int i = 0; i < fields; i++) {
      unsignedVarint();
      skip(unsignedVarint());
    }
  }

  public void skip(int length) {
    bytes.position(bytes.position() + checkedLength(length, 1));
  }

  private String utf8(int length) {
    if (checkedLength(length, 1) == 0) {
      return "";
    }
    if (bytes.hasArray()) {
      int start = bytes.arrayOffset() + bytes.position();
      bytes.position(bytes.position() + length);
      return new String(bytes.array(), start, length, StandardCharsets.UTF_8);
    }
    return new String(raw(length), StandardCharsets.UTF_8);
  }

  private byte[] raw(int length) {
    byte[] copy = new byte[checkedLength(length, 1)];
    bytes.get(copy);
    return copy;
  }

  private int checkedLength(int length, int elementBytes) {
    if (length < 0 || (long) length * elementBytes > bytes.remaining()) {
      throw new IllegalArgumentException(
          "length " + length + " with " + bytes.remaining() + " bytes left");
    }
    return length;
  }
}
