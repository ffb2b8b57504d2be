package io.tidemark.gateway.net;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request with limits on what a few bytes may make us do: at most 1,000,000 array elements
 * and 10,000 unknown tagged fields in a whole request, counted before anything is allocated for
 * them, and no string that an answer could not repeat. The first large array is announced, so that
 * {@link KeyedArrays} can look at it.
 *
 * <p>It relies on what kafka-clients' generated decoders do: having read an array's length, and
 * only then, they ask {@link #remaining} whether so many elements can follow.
 */
final class LimitedReadable extends ByteBufferAccessor {
  static final int MAX_ELEMENTS = 1_000_000;
  static final int MAX_TAGGED_FIELDS = 10_000;

  /** Answers quote names and values, two at most in one text of 32,767 bytes. */
  static final int MAX_STRING_BYTES = 16_000;

  private int lastInt; // the number read last, an array's length when remaining() is asked
  private long elements;
  private int taggedFields;
  private @Nullable Runnable onLargeArray;

  LimitedReadable(ByteBuffer buffer) {
    super(buffer);
  }

  /**
   * The header has been read: its last number, the correlation id, is no array's length, though
   * kafka-clients asks what remains before it reads the body.
   *
   * @param action run once, before the elements of a first large array are read
   */
  void beginBody(Runnable action) {
    lastInt = 0;
    onLargeArray = action;
  }

  @Override
  public int readInt() {
    lastInt = super.readInt();
    return lastInt;
  }

  @Override
  public int readUnsignedVarint() {
    lastInt = super.readUnsignedVarint();
    return lastInt;
  }

  @Override
  public int remaining() {
    elements += Math.max(0, lastInt);
    if (elements > MAX_ELEMENTS) {
      throw new InvalidRequestException("more than " + MAX_ELEMENTS + " array elements");
    }
    Runnable action = onLargeArray;
    if (lastInt > KeyedArrays.UNCHECKED && action != null) {
      onLargeArray = null;
      action.run();
    }
    return super.remaining();
  }

  /** What is no UTF-8 becomes longer: three bytes for one. */
  @Override
  public String readString(int length) {
    String text = super.readString(length);
    if (length > MAX_STRING_BYTES / 3 && Utils.utf8Length(text) > MAX_STRING_BYTES) {
      throw new InvalidRequestException("a string of more than " + MAX_STRING_BYTES + " bytes");
    }
    return text;
  }

  @Override
  public List<RawTaggedField> readUnknownTaggedField(
      @Nullable List<RawTaggedField> fields, int tag, int size) {
    if (++taggedFields > MAX_TAGGED_FIELDS) {
      throw new InvalidRequestException("more than " + MAX_TAGGED_FIELDS + " tagged fields");
    }
    return super.readUnknownTaggedField(fields, tag, size);
  }
}
