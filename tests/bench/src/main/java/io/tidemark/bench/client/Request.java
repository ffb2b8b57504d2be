package io.tidemark.bench.client;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;

/**
 * A request encoded once, to be sent any number of times.
 *
 * <pre>
 *   request := size int32 | api key int16 | api version int16 | correlation id int32 | client id | tagged fields | body
 * </pre>
 *
 * @param bytes direct, from position to limit; not to be moved
 */
record Request(ApiKeys api, short version, ByteBuffer bytes) {
  private static final String CLIENT_ID = "load";

  static Request of(ApiKeys api, int version, ApiMessage body) {
    return of(api, version, body, ByteBuffer.allocateDirect(0));
  }

  /**
   * Encodes into {@code memory} if that is large enough. Records must not be carried by reference.
   */
  static Request of(ApiKeys api, int apiVersion, ApiMessage body, ByteBuffer memory) {
    short version = (short) apiVersion;
    short headerVersion = api.requestHeaderVersion(version);
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(api.id)
            .setRequestApiVersion(version)
            .setClientId(CLIENT_ID);
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    header.addSize(size, cache, headerVersion);
    body.addSize(size, cache, version);
    int sizeBytes = size.totalSize();
    ByteBuffer bytes = roomFor(Integer.BYTES + sizeBytes, memory).putInt(sizeBytes);
    Writable writable = new ByteBufferAccessor(bytes);
    header.write(writable, cache, headerVersion);
    body.write(writable, cache, version);
    return new Request(api, version, bytes.flip());
  }

  private static ByteBuffer roomFor(int bytes, ByteBuffer memory) {
    return memory.capacity() >= bytes ? memory.clear() : ByteBuffer.allocateDirect(bytes);
  }

  /** Reads the header of an answer to this request. */
  void readHeader(Readable readable) {
    new ResponseHeaderData(readable, api.responseHeaderVersion(version));
  }
}
