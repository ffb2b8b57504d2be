package io.tidemark.gateway.net;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request with limits on what a few bytes may make us allocate: at most 1,000,000 array
 * elements and 10,000 unknown tagged fields in a whole request, counted before anything is
 * allocated for them.
 *
 * <p>It relies on what kafka-clients' generated decoders do: having read an array's length, and
 * only then, they ask {@link #remaining} whether so many elements can follow.
 */
final class LimitedReadable extends ByteBufferAccessor {
  static final int MAX_ELEMENTS = 1_000_000;
  static final int MAX_TAGGED_FIELDS = 10_000;

  private int lastInt; // the number read last, an array's length when remaining() is asked
  private long elements;
  private int taggedFields;

  LimitedReadable(ByteBuffer buffer) {
    super(buffer);
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
    return super.remaining();
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
