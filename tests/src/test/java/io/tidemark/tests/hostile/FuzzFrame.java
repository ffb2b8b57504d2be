package io.tidemark.tests.hostile;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ResponseHeader;

/**
 * A request as it goes over the wire, with a right size and header before a body that may be
 * anything.
 */
record FuzzFrame(ApiKeys key, short version, int correlationId, byte[] bytes, int bodyAt) {

  static FuzzFrame of(ApiKeys key, short version, int correlationId, ApiMessage body) {
    return of(key, version, correlationId, bytesOf(body, version));
  }

  static byte[] bytesOf(ApiMessage message, short version) {
    return toArray(MessageUtil.toByteBufferAccessor(message, version).buffer());
  }

  static FuzzFrame of(ApiKeys key, short version, int correlationId, byte[] body) {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion(version)
            .setClientId("fuzz")
            .setCorrelationId(correlationId);
    return of(key, version, header, body);
  }

  static FuzzFrame of(ApiKeys key, short version, RequestHeaderData header, byte[] body) {
    byte[] head = bytesOf(header, key.requestHeaderVersion(version));
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + head.length + body.length);
    frame.putInt(head.length + body.length).put(head).put(body);
    return new FuzzFrame(
        key, version, header.correlationId(), frame.array(), Integer.BYTES + head.length);
  }

  private static byte[] toArray(ByteBuffer buffer) {
    byte[] array = new byte[buffer.remaining()];
    buffer.get(array);
    return array;
  }

  /** The answer as its schema reads it, to the last byte; throws where it does not. */
  AbstractResponse response(byte[] answer) {
    ByteBuffer buffer = ByteBuffer.wrap(answer);
    ResponseHeader header = ResponseHeader.parse(buffer, key.responseHeaderVersion(version));
    if (header.correlationId() != correlationId) {
      throw new IllegalStateException("it answers request " + header.correlationId());
    }
    AbstractResponse response =
        AbstractResponse.parseResponse(key, new ByteBufferAccessor(buffer), version);
    if (buffer.hasRemaining()) {
      throw new IllegalStateException(buffer.remaining() + " bytes are left over");
    }
    return response;
  }

  /** Whether this is understood as a Produce that wants no answer. */
  boolean wantsNoAnswer() {
    if (key != ApiKeys.PRODUCE) {
      return false;
    }
    ByteBuffer body = ByteBuffer.wrap(bytes, bodyAt, bytes.length - bodyAt).slice();
    var request = AbstractRequest.parseRequest(key, version, new ByteBufferAccessor(body)).request;
    return ((ProduceRequest) request).acks() == 0;
  }
}
