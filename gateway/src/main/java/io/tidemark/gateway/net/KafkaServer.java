package io.tidemark.gateway.net;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.utils.Time;

/**
 * Accepts Kafka connections on the node's listeners and hands their requests to the {@link
 * RequestHandler}. Closed by who made it, before the {@link EventLoops} it runs on.
 */
public final class KafkaServer implements AutoCloseable {

  public KafkaServer(
      List<Listener> listeners,
      ConnectionSettings settings,
      RequestHandler handler,
      EventLoops loops,
      Time time,
      MeterRegistry meters) {}

  /** Binds every listener; all or none of them. */
  public void start() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The address a started listener is bound to, with the port that port 0 became. */
  public InetSocketAddress boundAddress(String listenerName) {
    throw new UnsupportedOperationException();
  }

  /** Takes new limits for connections that are opened from now on. */
  public void reconfigure(ConnectionSettings settings) {
    throw new UnsupportedOperationException();
  }

  /**
   * Accepts nothing more, takes up no further request, writes the answers that are owed and closes
   * each connection when it owes none, at the latest after {@code patience}.
   */
  public void drain(Duration patience) {
    throw new UnsupportedOperationException();
  }

  /** Closes listeners and connections at once. */
  @Override
  public void close() {}
}
