package io.tidemark.gateway.net;

import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.record.PayloadWritable;
import io.tidemark.log.record.RecordsPayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A whole response in memory, for an envelope: records are copied, wherever they lie.
 *
 * <pre>
 *   header (correlation id int32, tagged fields) | body
 * </pre>
 */
public final class ResponseBytes extends PayloadWritable {
  private final ByteBuffer bytes;
  private final ByteBufferAccessor out;

  private ResponseBytes(ByteBuffer bytes) {
    this.bytes = bytes;
    this.out = new ByteBufferAccessor(bytes);
  }

  /** Encodes the answer to a request; the body's slices are released in any case. */
  public static ByteBuffer of(RequestHeader request, ApiMessage body) {
    try {
      return encode(request, body);
    } finally {
      ResponseSlices.release(body);
    }
  }

  private static ByteBuffer encode(RequestHeader request, ApiMessage body) {
    short version = request.apiVersion();
    short headerVersion = request.apiKey().responseHeaderVersion(version);
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(request.correlationId());
    header.addSize(size, cache, headerVersion);
    body.addSize(size, cache, version);
    ResponseBytes target = new ResponseBytes(ByteBuffer.allocate(size.totalSize()));
    header.write(target, cache, headerVersion);
    body.write(target, cache, version);
    return target.bytes.flip();
  }

  @Override
  protected void writePayload(RecordsPayload payload) {
    LogSlice slice = ResponseSlices.slice(payload);
    int end = bytes.position() + slice.sizeBytes();
    ByteBuffer target = bytes.slice(bytes.position(), slice.sizeBytes());
    try {
      slice.read(target, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("records of a response could not be read", e);
    }
    bytes.position(end);
  }

  @Override
  protected void writeInMemory(ByteBuffer batches) {
    bytes.put(batches.duplicate());
  }

  @Override
  public void writeByte(byte value) {
    out.writeByte(value);
  }

  @Override
  public void writeShort(short value) {
    out.writeShort(value);
  }

  @Override
  public void writeInt(int value) {
    out.writeInt(value);
  }

  @Override
  public void writeLong(long value) {
    out.writeLong(value);
  }

  @Override
  public void writeDouble(double value) {
    out.writeDouble(value);
  }

  @Override
  public void writeByteArray(byte[] value) {
    out.writeByteArray(value);
  }

  @Override
  public void writeUnsignedVarint(int value) {
    out.writeUnsignedVarint(value);
  }

  @Override
  public void writeByteBuffer(ByteBuffer value) {
    out.writeByteBuffer(value);
  }

  @Override
  public void writeVarint(int value) {
    out.writeVarint(value);
  }

  @Override
  public void writeVarlong(long value) {
    out.writeVarlong(value);
  }
}
