package io.tidemark.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests by API: how many and how long, bytes each way, errors by code. An API's meters
 * appear with its first request, so a scrape shows what is used. Safe from any thread; on the way
 * of every request, so it looks up by array and allocates nothing.
 */
public final class RequestMetrics {
  private static final double[] PERCENTILES = {0.5, 0.99, 0.999};

  private final MeterRegistry meters;
  private final AtomicReferenceArray<@Nullable ApiMeters> byApi =
      new AtomicReferenceArray<>(ApiKeys.values().length);
  private final AtomicReferenceArray<@Nullable Counter> errors =
      new AtomicReferenceArray<>(ApiKeys.values().length * Errors.values().length);

  private record ApiMeters(Timer latency, Counter bytesIn, Counter bytesOut) {}

  public RequestMetrics(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * A request was answered.
   *
   * @param body null when it got no response
   * @param latencyNs from the arrival of its last byte until the response was handed to the socket
   */
  public void answered(
      ApiKeys api,
      int requestBytes,
      @Nullable ApiMessage body,
      long responseBytes,
      long latencyNs) {
    ApiMeters meter = of(api);
    meter.latency.record(latencyNs, TimeUnit.NANOSECONDS);
    meter.bytesIn.increment(requestBytes);
    meter.bytesOut.increment(responseBytes);
    if (body != null) {
      ResponseErrors.visit(body, (error, count) -> error(api, error).increment(count));
    }
  }

  private ApiMeters of(ApiKeys api) {
    ApiMeters known = byApi.get(api.ordinal());
    if (known != null) {
      return known;
    }
    ApiMeters created = register(api); // the registry gives the same meters to whoever asks
    byApi.set(api.ordinal(), created);
    return created;
  }

  private ApiMeters register(ApiKeys api) {
    return new ApiMeters(
        Timer.builder("tidemark.requests")
            .description(
                "Requests answered and their latency, from the arrival of the last byte until the"
                    + " response was handed to the socket, by API.")
            .tag("api", api.name)
            .publishPercentiles(PERCENTILES)
            .register(meters),
        Counter.builder("tidemark.requests.in")
            .description("Bytes of requests, by API.")
            .baseUnit("bytes")
            .tag("api", api.name)
            .register(meters),
        Counter.builder("tidemark.requests.out")
            .description("Bytes of responses, by API.")
            .baseUnit("bytes")
            .tag("api", api.name)
            .register(meters));
  }

  private Counter error(ApiKeys api, Errors error) {
    int at = api.ordinal() * Errors.values().length + error.ordinal();
    Counter known = errors.get(at);
    if (known != null) {
      return known;
    }
    Counter created =
        Counter.builder("tidemark.requests.errors")
            .description("Error codes in responses, by API and error.")
            .tag("api", api.name)
            .tag("error", error.name())
            .register(meters);
    errors.set(at, created);
    return created;
  }
}
