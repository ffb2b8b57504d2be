package io.tidemark.gateway.peer;

import io.tidemark.gateway.config.HostPort;
import java.nio.ByteBuffer;

/**
 * Connections that carry frames: the network, real or simulated. Safe from any thread and never
 * waits. Closed by its {@link Peers}.
 *
 * <pre>
 *   frame := size int32 | size bytes; the size is the transport's matter
 * </pre>
 */
public interface PeerTransport extends AutoCloseable {

  /** Begins to connect. Where connections are encrypted, one is open when it is. */
  void connect(HostPort address, Listener listener);

  /** Connects only to see whether that is possible; nothing is said. */
  default void knock(HostPort address, Listener listener) {
    connect(address, listener);
  }

  /** Ends all connections. Idempotent. */
  @Override
  void close();

  /** Hears of one connection, on any thread, one call at a time and in order. */
  interface Listener {
    void opened(Wire wire);

    /** A frame of one's own, without its size. */
    void received(ByteBuffer frame);

    /**
     * It could not be opened because nobody listens there. Comes in the place of {@link #closed}.
     */
    default void refused(String why) {
      closed(why);
    }

    /**
     * It could not be opened, or has ended, because one side does not trust the other. Comes in the
     * place of {@link #closed}.
     */
    default void distrusted(String why) {
      closed(why);
    }

    /** It could not be opened, or has ended. The last call, and it always comes. */
    void closed(String why);
  }

  /** An open connection. Safe from any thread. */
  interface Wire {

    /** Sends a frame, given without its size, after those before; it may never arrive. */
    void send(ByteBuffer frame);

    void close();
  }
}
