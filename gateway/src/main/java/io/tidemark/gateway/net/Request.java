package io.tidemark.gateway.net;

import io.tidemark.gateway.security.acl.Access;
import java.net.InetAddress;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * One decoded request. Its records (and the few other byte fields that kafka-clients does not copy)
 * lie inside the frame it came in, which is valid until {@code handle} returns; who needs them
 * longer calls {@link #retain} before and {@link #release} after, from any thread. Everything else
 * here stays valid.
 */
public interface Request {
  RequestHeader header();

  AbstractRequest body();

  /** Size of the frame without its length field. */
  int sizeBytes();

  /** When the frame was complete, on the server's monotonic clock. */
  long arrivedNs();

  /** Keeps the frame's memory; each call is paid back by one {@link #release}. */
  void retain();

  void release();

  ClientConnection connection();

  default ApiKeys apiKey() {
    return header().apiKey();
  }

  default short apiVersion() {
    return header().apiVersion();
  }

  /** What the client calls itself; empty when it does not say. */
  default String clientId() {
    String clientId = header().clientId();
    return clientId == null ? "" : clientId;
  }

  default String connectionId() {
    return connection().id();
  }

  default InetAddress clientAddress() {
    return connection().clientAddress();
  }

  default String listenerName() {
    return connection().listenerName();
  }

  /** What its sender may do, at any moment until it is answered. */
  Access access();

  /** Who sent it, as known when it arrived. */
  default KafkaPrincipal principal() {
    return access().principal();
  }

  /** The connection's event loop: never wait on it. */
  default ScheduledExecutorService loop() {
    return connection().loop();
  }
}
