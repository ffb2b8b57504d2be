package io.tidemark.gateway.node;

import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.record.PayloadWritable;
import io.tidemark.log.record.RecordsPayload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.utils.internals.ByteUtils;

/** Encodes messages into memory, records included, and reads them back. */
final class WireCopy extends PayloadWritable {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private WireCopy() {}

  static ByteBuffer request(ApiKeys key, short version, ApiMessage body) {
    return MessageUtil.toByteBufferAccessor(body, version).buffer();
  }

  /** What a client would read. */
  static ApiMessage response(ApiKeys key, short version, ApiMessage body) {
    WireCopy copy = new WireCopy();
    copy.write(body, version);
    ByteBuffer read = ByteBuffer.wrap(copy.bytes.toByteArray());
    return AbstractResponse.parseResponse(key, new ByteBufferAccessor(read), version).data();
  }

  /** The answer to a request as it goes over the wire, without its size. */
  static ByteBuffer responseFrame(RequestHeader request, ApiMessage body) {
    WireCopy copy = new WireCopy();
    copy.write(
        new ResponseHeaderData().setCorrelationId(request.correlationId()),
        request.apiKey().responseHeaderVersion(request.apiVersion()));
    copy.write(body, request.apiVersion());
    return ByteBuffer.wrap(copy.bytes.toByteArray());
  }

  private void write(ApiMessage message, short version) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    message.size(cache, version);
    message.write(this, cache, version);
  }

  @Override
  protected void writePayload(RecordsPayload payload) {
    LogSlice slice = (LogSlice) payload;
    try {
      writeInMemory(slice.toBuffer());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      slice.release();
    }
  }

  @Override
  protected void writeInMemory(ByteBuffer batches) {
    writeByteBuffer(batches);
  }

  @Override
  public void writeByte(byte value) {
    bytes.write(value);
  }

  @Override
  public void writeShort(short value) {
    writeByteBuffer(ByteBuffer.allocate(Short.BYTES).putShort(value).flip());
  }

  @Override
  public void writeInt(int value) {
    writeByteBuffer(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
  }

  @Override
  public void writeLong(long value) {
    writeByteBuffer(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
  }

  @Override
  public void writeDouble(double value) {
    writeByteBuffer(ByteBuffer.allocate(Double.BYTES).putDouble(value).flip());
  }

  @Override
  public void writeByteArray(byte[] value) {
    bytes.writeBytes(value);
  }

  @Override
  public void writeUnsignedVarint(int value) {
    ByteBuffer varint = ByteBuffer.allocate(ByteUtils.sizeOfUnsignedVarint(value));
    ByteUtils.writeUnsignedVarint(value, varint);
    writeByteBuffer(varint.flip());
  }

  @Override
  public void writeVarint(int value) {
    ByteBuffer varint = ByteBuffer.allocate(ByteUtils.sizeOfVarint(value));
    ByteUtils.writeVarint(value, varint);
    writeByteBuffer(varint.flip());
  }

  @Override
  public void writeVarlong(long value) {
    ByteBuffer varlong = ByteBuffer.allocate(ByteUtils.sizeOfVarlong(value));
    ByteUtils.writeVarlong(value, varlong);
    writeByteBuffer(varlong.flip());
  }

  @Override
  public void writeByteBuffer(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    bytes.writeBytes(copy);
  }
}
