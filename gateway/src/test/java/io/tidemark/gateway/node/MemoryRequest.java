package io.tidemark.gateway.node;

import io.tidemark.gateway.net.ClientConnection;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.security.acl.Access;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** A request in memory of its own, from a client that is always connected. */
final class MemoryRequest implements Request, ClientConnection {
  private final RequestHeader header;
  private final AbstractRequest body;
  private final int sizeBytes;
  private final ScheduledExecutorService loop;

  MemoryRequest(ApiKeys key, short version, ByteBuffer frame, ScheduledExecutorService loop) {
    this.header = new RequestHeader(key, version, "simulated", 0);
    this.sizeBytes = frame.remaining();
    this.body = AbstractRequest.parseRequest(key, version, new ByteBufferAccessor(frame)).request;
    this.loop = loop;
  }

  @Override
  public RequestHeader header() {
    return header;
  }

  @Override
  public AbstractRequest body() {
    return body;
  }

  @Override
  public int sizeBytes() {
    return sizeBytes;
  }

  @Override
  public long arrivedNs() {
    return 0;
  }

  @Override
  public void retain() {}

  @Override
  public void release() {}

  @Override
  public ClientConnection connection() {
    return this;
  }

  @Override
  public Access access() {
    return Access.UNLIMITED;
  }

  @Override
  public String id() {
    return "memory";
  }

  @Override
  public InetAddress clientAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public int clientPort() {
    return 1;
  }

  @Override
  public String listenerName() {
    return "PLAINTEXT";
  }

  @Override
  public ScheduledExecutorService loop() {
    return loop;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public Registration onClose(Runnable action) {
    return () -> {};
  }
}
