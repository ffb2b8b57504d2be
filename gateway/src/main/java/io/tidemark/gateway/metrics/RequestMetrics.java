package io.tidemark.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests by API: how many and how long, bytes each way, errors by code. An API's meters
 * appear with its first request, so a scrape shows what is used. Safe from any thread; on the way
 * of every request, so it allocates nothing while there are no errors.
 */
public final class RequestMetrics {
  private static final double[] PERCENTILES = {0.5, 0.99, 0.999};

  private final MeterRegistry meters;
  private final Map<ApiKeys, ApiMeters> byApi = new ConcurrentHashMap<>();
  private final Map<ErrorOfApi, Counter> errors = new ConcurrentHashMap<>();

  private record ErrorOfApi(ApiKeys api, Errors error) {}

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
    meter.bytesOut.increment((double) responseBytes);
    if (body != null) {
      ResponseErrors.visit(body, (error, count) -> error(api, error).increment(count));
    }
  }

  /** A look before {@code computeIfAbsent}, which may lock. */
  private ApiMeters of(ApiKeys api) {
    ApiMeters known = byApi.get(api);
    return known == null ? byApi.computeIfAbsent(api, this::register) : known;
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
    return errors.computeIfAbsent(new ErrorOfApi(api, error), this::register);
  }

  private Counter register(ErrorOfApi error) {
    return Counter.builder("tidemark.requests.errors")
        .description("Error codes in responses, by API and error.")
        .tag("api", error.api.name)
        .tag("error", error.error.name())
        .register(meters);
  }
}
