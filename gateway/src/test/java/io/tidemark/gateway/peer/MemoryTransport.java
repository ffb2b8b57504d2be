package io.tidemark.gateway.peer;

import io.tidemark.gateway.config.HostPort;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.RequestHeader;

/** Connections in memory whose other side is the test. One thread. */
final class MemoryTransport implements PeerTransport {
  final List<Connection> connections = new ArrayList<>();

  /** Everybody refuses to be connected to. */
  boolean isRefusing;

  @Override
  public void connect(HostPort address, Listener listener) {
    if (isRefusing) {
      listener.closed("Connection refused");
      return;
    }
    Connection connection = new Connection(listener);
    connections.add(connection);
    listener.opened(connection);
  }

  Connection newest() {
    return connections.getLast();
  }

  @Override
  public void close() {}

  static final class Connection implements Wire {
    private final Listener listener;
    final Deque<RequestHeader> requests = new ArrayDeque<>();
    boolean isClosed;

    Connection(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void send(ByteBuffer frame) {
      requests.add(RequestHeader.parse(frame));
    }

    @Override
    public void close() {
      isClosed = true;
      listener.closed("closed here");
    }

    void drop() {
      listener.closed("reset by peer");
    }

    /** Answers the question for versions. */
    void greet(ApiVersion... served) {
      ApiVersionsResponseData answer = new ApiVersionsResponseData();
      for (ApiVersion version : served) {
        answer.apiKeys().add(version);
      }
      answer(answer);
    }

    /** Answers the oldest request. */
    void answer(ApiMessage body) {
      RequestHeader request = requests.remove();
      answer(request.correlationId(), request.apiKey(), request.apiVersion(), body);
    }

    void answer(int correlationId, ApiKeys key, short version, ApiMessage body) {
      ObjectSerializationCache cache = new ObjectSerializationCache();
      ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
      short headerVersion = key.responseHeaderVersion(version);
      int sizeBytes = header.size(cache, headerVersion) + body.size(cache, version);
      ByteBufferAccessor frame = new ByteBufferAccessor(ByteBuffer.allocate(sizeBytes));
      header.write(frame, cache, headerVersion);
      body.write(frame, cache, version);
      frame.flip();
      listener.received(frame.buffer());
    }

    void nonsense() {
      listener.received(ByteBuffer.allocate(5).putInt(requests.remove().correlationId()).rewind());
    }
  }
}
