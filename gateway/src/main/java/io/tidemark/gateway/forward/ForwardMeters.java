package io.tidemark.gateway.forward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;

/** What a gateway passes on: how much of it, and over how many connections. */
public final class ForwardMeters {
  private enum Outcome {
    ANSWERED,
    NOT_SENT,
    LOST,
    REFUSED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Kind(ApiKeys api, Outcome outcome) {}

  private final MeterRegistry meters;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Kind, Counter> counters = new ConcurrentHashMap<>();

  public ForwardMeters(MeterRegistry meters) {
    this.meters = meters;
    Gauge.builder("tidemark.forward.connections", open, AtomicInteger::get)
        .description(
            "Connections of this gateway to other nodes: one for each client connection and node.")
        .register(meters);
  }

  void opened() {
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }

  void refused(ApiKeys api) {
    count(api, Outcome.NOT_SENT);
  }

  void replied(ApiKeys api, Reply reply) {
    count(
        api,
        switch (reply) {
          case Reply.Answered _, Reply.Done _ -> Outcome.ANSWERED;
          case Reply.NotSent _ -> Outcome.NOT_SENT;
          case Reply.Lost _ -> Outcome.LOST;
          case Reply.Refused _ -> Outcome.REFUSED;
        });
  }

  private void count(ApiKeys api, Outcome outcome) {
    counters.computeIfAbsent(new Kind(api, outcome), this::register).increment();
  }

  private Counter register(Kind kind) {
    return Counter.builder("tidemark.forward.requests")
        .description(
            "Requests, or parts of them, that this gateway passed on, by what became of them.")
        .tag("api", kind.api().name)
        .tag("outcome", kind.outcome().label())
        .register(meters);
  }
}
