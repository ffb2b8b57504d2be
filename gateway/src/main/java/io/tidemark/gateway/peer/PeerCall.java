package io.tidemark.gateway.peer;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request to another node, until it is answered or given up. Used on the peers' thread.
 *
 * <pre>
 *   request  := header (key int16, version int16, correlation id int32, client id, tags) | body
 *   response := header (correlation id int32, tags) | body
 * </pre>
 */
final class PeerCall {
  final ApiKeys key;
  final CompletableFuture<AbstractResponse> answer = new CompletableFuture<>();
  private final ApiMessage request;

  /** Set once it is encoded. */
  private short version;

  private @Nullable Future<?> timeout;

  PeerCall(ApiKeys key, ApiMessage request) {
    this.key = key;
    this.request = request;
  }

  void timesOutBy(Future<?> scheduled) {
    timeout = scheduled;
  }

  ApiMessage request() {
    return request;
  }

  ByteBuffer encode(short inVersion, int correlationId, String clientId) {
    version = inVersion;
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion(version)
            .setCorrelationId(correlationId)
            .setClientId(clientId);
    short headerVersion = key.requestHeaderVersion(version);
    ObjectSerializationCache cache = new ObjectSerializationCache();
    int sizeBytes = header.size(cache, headerVersion) + request.size(cache, version);
    ByteBufferAccessor frame = new ByteBufferAccessor(ByteBuffer.allocate(sizeBytes));
    header.write(frame, cache, headerVersion);
    request.write(frame, cache, version);
    frame.flip();
    return frame.buffer();
  }

  /** Which request a frame answers. */
  static int correlationId(ByteBuffer frame) {
    return frame.getInt(frame.position());
  }

  AbstractResponse decode(ByteBuffer frame) {
    ByteBufferAccessor readable = new ByteBufferAccessor(frame);
    new ResponseHeaderData(readable, key.responseHeaderVersion(version));
    return AbstractResponse.parseResponse(key, readable, version);
  }

  void answered(AbstractResponse response) {
    end();
    answer.complete(response);
  }

  void failed(RuntimeException failure) {
    end();
    answer.completeExceptionally(failure);
  }

  private void end() {
    Future<?> scheduled = timeout;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }
}
