package io.tidemark.gateway.forward;

import io.tidemark.gateway.net.Request;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/**
 * A client's request, or a part of it, as it goes to a node: in the client's version, with the
 * client's id, principal and address.
 *
 * <pre>
 *   frame := header (58, version 0, correlation id int32, client id of the gateway, tags)
 *          | Envelope (request bytes, principal bytes, address 4 or 16 bytes)
 *   request := header (key, version, correlation id, client id, tags) | body
 * </pre>
 */
final class InnerRequest {
  private static final short ENVELOPE_VERSION = 0;

  private final ApiKeys key;
  private final short version;
  private final ByteBuffer bytes;
  private final byte[] principal;
  private final byte[] clientAddress;

  private InnerRequest(
      ApiKeys key, short version, ByteBuffer bytes, byte[] principal, byte[] clientAddress) {
    this.key = key;
    this.version = version;
    this.bytes = bytes;
    this.principal = principal;
    this.clientAddress = clientAddress;
  }

  /** What {@code from} asked, with another body: copied, so that the frame may go. */
  static InnerRequest of(Request from, ApiMessage body) {
    ApiKeys key = from.apiKey();
    short version = from.apiVersion();
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion(version)
            .setCorrelationId(from.header().correlationId())
            .setClientId(from.header().clientId());
    return new InnerRequest(
        key,
        version,
        encoded(header, key.requestHeaderVersion(version), body, version),
        Principals.encode(from.principal()),
        from.clientAddress().getAddress());
  }

  private static ByteBuffer encoded(
      Message header, short headerVersion, Message body, short version) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    int sizeBytes = header.size(cache, headerVersion) + body.size(cache, version);
    ByteBufferAccessor target = new ByteBufferAccessor(ByteBuffer.allocate(sizeBytes));
    header.write(target, cache, headerVersion);
    body.write(target, cache, version);
    target.flip();
    return target.buffer();
  }

  ApiKeys key() {
    return key;
  }

  ByteBuffer envelope(int correlationId, String clientId) {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(ApiKeys.ENVELOPE.id)
            .setRequestApiVersion(ENVELOPE_VERSION)
            .setCorrelationId(correlationId)
            .setClientId(clientId);
    EnvelopeRequestData envelope =
        new EnvelopeRequestData()
            .setRequestData(bytes.duplicate())
            .setRequestPrincipal(principal)
            .setClientHostAddress(clientAddress);
    return encoded(
        header,
        ApiKeys.ENVELOPE.requestHeaderVersion(ENVELOPE_VERSION),
        envelope,
        ENVELOPE_VERSION);
  }

  /** Which envelope a frame answers. */
  static int correlationId(ByteBuffer frame) {
    return frame.getInt(frame.position());
  }

  /**
   * Reads the answer in a frame, in place.
   *
   * @throws RuntimeException it is none
   */
  Reply decode(ByteBuffer frame) {
    ByteBufferAccessor outer = new ByteBufferAccessor(frame);
    new ResponseHeaderData(outer, ApiKeys.ENVELOPE.responseHeaderVersion(ENVELOPE_VERSION));
    EnvelopeResponseData envelope = new EnvelopeResponseData(outer, ENVELOPE_VERSION);
    Errors error = Errors.forCode(envelope.errorCode());
    if (error != Errors.NONE) {
      return new Reply.Refused(error);
    }
    ByteBuffer answer = envelope.responseData();
    if (answer == null) {
      return new Reply.Done();
    }
    ByteBufferAccessor inner = new ByteBufferAccessor(answer);
    new ResponseHeaderData(inner, key.responseHeaderVersion(version));
    return new Reply.Answered(AbstractResponse.parseResponse(key, inner, version).data());
  }

  /** What the API answers when this very request fails; null where it answers nothing. */
  @Nullable ApiMessage failure(ApiException cause) {
    ByteBufferAccessor readable = new ByteBufferAccessor(bytes.duplicate());
    new RequestHeaderData(readable, key.requestHeaderVersion(version));
    AbstractResponse response =
        AbstractRequest.parseRequest(key, version, readable).request.getErrorResponse(0, cause);
    return response == null ? null : response.data();
  }
}
