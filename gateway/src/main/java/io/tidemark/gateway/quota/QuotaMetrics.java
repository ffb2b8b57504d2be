package io.tidemark.gateway.quota;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Meters of quotas, by kind and not by client: those are too many. Safe from any thread. */
final class QuotaMetrics {
  private final Map<Kind, Timer> waits = new EnumMap<>(Kind.class);

  /** What is waited for. */
  enum Kind {
    PRODUCE("produce"),
    FETCH("fetch"),
    REQUEST("request"),
    CONTROLLER_MUTATION("controller_mutation"),
    REMOTE_FETCH("remote_fetch");

    private final String tag;

    Kind(String tag) {
      this.tag = tag;
    }
  }

  /**
   * @param known how many there are who have used something of a quota lately
   */
  QuotaMetrics(MeterRegistry meters, IntSupplier known) {
    for (Kind kind : Kind.values()) {
      waits.put(
          kind,
          Timer.builder("tidemark.quota.throttle")
              .description(
                  "Times that clients were made to wait because of a quota, and for how long, by"
                      + " what they had used too much of.")
              .tag("quota", kind.tag)
              .register(meters));
    }
    Gauge.builder("tidemark.quota.entities", known, IntSupplier::getAsInt)
        .strongReference(true) // nobody else keeps the supplier
        .description(
            "Users, client ids and pairs of them whose use of a quota is remembered at the moment.")
        .register(meters);
  }

  void waited(Kind kind, long waitNs) {
    Timer timer = waits.get(kind);
    if (waitNs > 0 && timer != null) {
      timer.record(waitNs, TimeUnit.NANOSECONDS);
    }
  }
}
