package io.tidemark.gateway.net;

import java.net.InetAddress;
import java.util.concurrent.ScheduledExecutorService;

/** What handlers see of a client's connection. Safe from any thread. */
public interface ClientConnection {

  /** Unique in this process: {@code local-remote-number}, as Kafka writes it. */
  String id();

  InetAddress clientAddress();

  int clientPort();

  String listenerName();

  /** The event loop that owns the connection. */
  ScheduledExecutorService loop();

  boolean isOpen();

  /**
   * Runs the action once, on the loop, when the connection has closed; at once where it already
   * has. Returns a handle that forgets the action again.
   */
  Registration onClose(Runnable action);

  /** Takes back what it was returned for; calling it again changes nothing. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
