package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.PeerTransport;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * Connections of a client from before transactions version 2 (KIP-890): of what a node says it
 * serves, it knows no newer versions than these. The first frame of a connection is that answer.
 */
record OlderTransport(PeerTransport transport) implements PeerTransport {
  private static final short VERSION = 3;
  private static final Map<ApiKeys, Short> NEWEST =
      Map.of(
          ApiKeys.PRODUCE, (short) 11,
          ApiKeys.ADD_PARTITIONS_TO_TXN, (short) 3,
          ApiKeys.END_TXN, (short) 4,
          ApiKeys.INIT_PRODUCER_ID, (short) 4);

  @Override
  public void connect(HostPort address, Listener listener) {
    transport.connect(address, new Older(listener));
  }

  @Override
  public void close() {
    transport.close();
  }

  private static final class Older implements Listener {
    private final Listener listener;
    private boolean isGreeted;

    Older(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void opened(Wire wire) {
      listener.opened(wire);
    }

    @Override
    public void received(ByteBuffer frame) {
      listener.received(isGreeted ? frame : older(frame));
      isGreeted = true;
    }

    @Override
    public void refused(String why) {
      listener.refused(why);
    }

    @Override
    public void closed(String why) {
      listener.closed(why);
    }
  }

  private static ByteBuffer older(ByteBuffer frame) {
    ByteBuffer body = frame.duplicate();
    int correlationId = body.getInt();
    ApiVersionsResponseData answer =
        new ApiVersionsResponseData(new ByteBufferAccessor(body), VERSION);
    for (ApiVersion api : answer.apiKeys()) {
      Short newest = ApiKeys.hasId(api.apiKey()) ? NEWEST.get(ApiKeys.forId(api.apiKey())) : null;
      if (newest != null) {
        api.setMaxVersion((short) Math.min(newest, api.maxVersion()));
      }
    }
    ByteBuffer encoded = MessageUtil.toByteBufferAccessor(answer, VERSION).buffer();
    return ByteBuffer.allocate(Integer.BYTES + encoded.remaining())
        .putInt(correlationId)
        .put(encoded)
        .flip();
  }
}
