package io.tidemark.gateway.net;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request from its frame with kafka-clients, without copying its records.
 *
 * <pre>
 *   frame  := header | body
 *   header := api key int16 | api version int16 | correlation id int32 | client id | tagged fields
 * </pre>
 *
 * Key, version and correlation id stand at the same place in every header version and are looked at
 * first; the rest is parsed only when key and version are served. Stateless.
 */
final class RequestDecoder {
  private static final int API_VERSION_AT = 2;
  private static final int CORRELATION_ID_AT = 4;
  private static final int FIXED_HEADER_BYTES = 8;

  private RequestDecoder() {}

  /** Which API a frame asks for; null where it is too short to say or asks for none there is. */
  static @Nullable ApiKeys api(ByteBuffer frame) {
    if (frame.remaining() < FIXED_HEADER_BYTES) {
      return null;
    }
    short key = frame.getShort(frame.position());
    return ApiKeys.hasId(key) ? ApiKeys.forId(key) : null;
  }

  static Decoded decode(ByteBuffer frame, ServedApis apis) {
    int start = frame.position();
    if (frame.remaining() < FIXED_HEADER_BYTES) {
      return new Decoded.Refused(
          "it sent a request of %d bytes, too short for a header".formatted(frame.remaining()));
    }
    short key = frame.getShort(start);
    short version = frame.getShort(start + API_VERSION_AT);
    if (!ApiKeys.hasId(key)) {
      return new Decoded.Refused("it asked for the unknown API " + key + " v" + version);
    }
    ApiKeys api = ApiKeys.forId(key);
    if (apis.serves(api, version)) {
      return parse(frame, api, version);
    }
    if (api == ApiKeys.API_VERSIONS) {
      return new Decoded.UnknownApiVersions(frame.getInt(start + CORRELATION_ID_AT));
    }
    return new Decoded.Refused(
        "it asked for " + api + " v" + version + ", which is not served here");
  }

  private static Decoded parse(ByteBuffer frame, ApiKeys api, short version) {
    try {
      LimitedReadable readable = new LimitedReadable(frame);
      short headerVersion = api.requestHeaderVersion(version);
      RequestHeaderData data = new RequestHeaderData(readable, headerVersion);
      if (data.clientId() == null) {
        data.setClientId("");
      }
      ByteBuffer rest = frame.slice();
      readable.beginBody(() -> KeyedArrays.check(api, version, rest));
      AbstractRequest body = AbstractRequest.parseRequest(api, version, readable).request;
      return new Decoded.Understood(new RequestHeader(data, headerVersion), body);
    } catch (RuntimeException e) {
      return new Decoded.Refused("its " + api + " v" + version + " request is malformed: " + e);
    }
  }
}
