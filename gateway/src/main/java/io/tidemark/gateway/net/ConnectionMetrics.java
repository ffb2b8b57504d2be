package io.tidemark.gateway.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters of connections and of the memory of their requests. Safe from any thread. */
final class ConnectionMetrics {
  private final AtomicInteger held = new AtomicInteger();
  private final Counter accepted;
  private final Counter delayed;
  private final Map<CloseReason, Counter> closed = new EnumMap<>(CloseReason.class);

  /**
   * @param known the memory of requests whose senders are known
   * @param strangers the same of those who have not logged in
   */
  ConnectionMetrics(
      MeterRegistry meters, ConnectionLimits limits, FrameBudget known, FrameBudget strangers) {
    Gauge.builder("tidemark.connections.open", limits, ConnectionLimits::open)
        .description("Kafka connections that are open.")
        .register(meters);
    Gauge.builder("tidemark.connections.limit", limits, ConnectionLimits::maxConnections)
        .description("Kafka connections that may be open (max.connections).")
        .register(meters);
    Gauge.builder("tidemark.connections.waiting", held, AtomicInteger::get)
        .description(
            "Accepted connections that wait for max.connections or max.connection.creation.rate;"
                + " more wait in the operating system.")
        .register(meters);
    memoryOf("known", known, meters);
    memoryOf("strangers", strangers, meters);
    accepted =
        Counter.builder("tidemark.connections.accepted")
            .description("Kafka connections that were opened.")
            .register(meters);
    delayed =
        Counter.builder("tidemark.connections.delayed")
            .description(
                "Times that a connection had to wait for max.connections,"
                    + " max.connection.creation.rate or connection_creation_rate.")
            .register(meters);
    for (CloseReason reason : CloseReason.values()) {
      closed.put(reason, closedCounter(reason, meters));
    }
  }

  private static void memoryOf(String clients, FrameBudget budget, MeterRegistry meters) {
    Gauge.builder("tidemark.requests.memory.used", budget, FrameBudget::usedBytes)
        .description(
            "Memory held by requests that arrive or are worked on, of known clients and of"
                + " strangers, who have not logged in.")
        .baseUnit("bytes")
        .tag("clients", clients)
        .register(meters);
    Gauge.builder("tidemark.requests.memory.limit", budget, FrameBudget::limitBytes)
        .description("What that memory may come to before reading stops.")
        .baseUnit("bytes")
        .tag("clients", clients)
        .register(meters);
    Gauge.builder("tidemark.requests.memory.waiting", budget, FrameBudget::waiting)
        .description("Connections that are not read from until request memory is free.")
        .tag("clients", clients)
        .register(meters);
  }

  private static Counter closedCounter(CloseReason reason, MeterRegistry meters) {
    return Counter.builder("tidemark.connections.closed")
        .description("Kafka connections that were closed, by reason.")
        .tag("reason", reason.tag())
        .register(meters);
  }

  /** So many more accepted connections wait, or fewer. */
  void held(int change) {
    held.addAndGet(change);
  }

  void delayed() {
    delayed.increment();
  }

  void accepted() {
    accepted.increment();
  }

  void closed(CloseReason reason) {
    Counter counter = closed.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }
}
