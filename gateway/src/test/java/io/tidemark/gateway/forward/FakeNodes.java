package io.tidemark.gateway.forward;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.PeerTransport;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.EnvelopeRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** Nodes in memory that a gateway connects to; what they answer the test says. One thread. */
final class FakeNodes implements PeerTransport {
  final List<Link> links = new ArrayList<>();

  @Override
  public void connect(HostPort address, Listener listener) {
    links.add(new Link(address, listener));
  }

  /** The newest connection to a node, by its port. */
  Link to(int port) {
    return links.reversed().stream()
        .filter(link -> link.address.port() == port)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no connection to port " + port));
  }

  @Override
  public void close() {
    links.forEach(Link::drop);
  }

  /** What came in an envelope. */
  record Asked(
      int correlationId, EnvelopeRequest envelope, RequestHeader header, ApiMessage body) {}

  static final class Link implements Wire {
    private final HostPort address;
    private final Listener listener;
    final Deque<Asked> asked = new ArrayDeque<>();
    boolean isClosed;

    Link(HostPort address, Listener listener) {
      this.address = address;
      this.listener = listener;
    }

    Link open() {
      listener.opened(this);
      return this;
    }

    @Override
    public void send(ByteBuffer frame) {
      RequestHeader outer = RequestHeader.parse(frame);
      EnvelopeRequest envelope =
          EnvelopeRequest.parse(new ByteBufferAccessor(frame), outer.apiVersion());
      ByteBuffer inner = envelope.requestData();
      RequestHeader header = RequestHeader.parse(inner);
      ApiMessage body =
          AbstractRequest.parseRequest(
                  header.apiKey(), header.apiVersion(), new ByteBufferAccessor(inner))
              .request
              .data();
      asked.add(new Asked(outer.correlationId(), envelope, header, body));
    }

    @Override
    public void close() {
      isClosed = true;
    }

    void drop() {
      listener.closed("reset by peer");
    }

    /** Answers the oldest request. */
    void answer(ApiMessage body) {
      Asked oldest = asked.remove();
      RequestHeader header = oldest.header;
      ByteBuffer inner =
          encoded(
              new ResponseHeaderData().setCorrelationId(header.correlationId()),
              header.apiKey().responseHeaderVersion(header.apiVersion()),
              body,
              header.apiVersion());
      answer(oldest, new EnvelopeResponseData().setResponseData(inner));
    }

    /** Answers the oldest request with an envelope of the test's. */
    void answerWith(EnvelopeResponseData envelope) {
      answer(asked.remove(), envelope);
    }

    private void answer(Asked to, EnvelopeResponseData envelope) {
      listener.received(
          encoded(
              new ResponseHeaderData().setCorrelationId(to.correlationId),
              ApiKeys.ENVELOPE.responseHeaderVersion((short) 0),
              envelope,
              (short) 0));
    }

    private static ByteBuffer encoded(
        Message header, short headerVersion, Message body, short version) {
      ObjectSerializationCache cache = new ObjectSerializationCache();
      int sizeBytes = header.size(cache, headerVersion) + body.size(cache, version);
      ByteBufferAccessor frame = new ByteBufferAccessor(ByteBuffer.allocate(sizeBytes));
      header.write(frame, cache, headerVersion);
      body.write(frame, cache, version);
      frame.flip();
      return frame.buffer();
    }
  }
}
