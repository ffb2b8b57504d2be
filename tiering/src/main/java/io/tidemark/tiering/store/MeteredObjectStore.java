package io.tidemark.tiering.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.tiering.store.StoreCall.Operation;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;

/** Counts every attempt: latency by operation and result, bytes moved by operation. */
public final class MeteredObjectStore extends DecoratedObjectStore {
  private static final String OK = "ok";

  private final Time time;
  private final MeterRegistry meters;

  public MeteredObjectStore(ObjectStore delegate, Time time, MeterRegistry meters) {
    super(delegate);
    this.time = time;
    this.meters = meters;
    for (Operation operation : Operation.values()) {
      timer(operation, OK);
    }
  }

  @Override
  <T> T around(Operation operation, long bytes, StoreCall<T> call) throws ObjectStoreException {
    long startNs = time.nanoseconds();
    String result = "error";
    try {
      T answer = call.run();
      result = OK;
      bytes(operation).increment((double) bytes);
      return answer;
    } catch (ObjectStoreException e) {
      result = name(e.kind());
      throw e;
    } finally {
      timer(operation, result).record(time.nanoseconds() - startNs, TimeUnit.NANOSECONDS);
    }
  }

  private Timer timer(Operation operation, String result) {
    return Timer.builder("tidemark.store.calls")
        .description("Calls of the object store, every attempt")
        .tag("operation", name(operation))
        .tag("result", result)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(1))
        .maximumExpectedValue(Duration.ofMinutes(1))
        .register(meters);
  }

  private Counter bytes(Operation operation) {
    return Counter.builder("tidemark.store.bytes")
        .description("Bytes moved to and from the object store by calls that succeeded")
        .baseUnit("bytes")
        .tag("operation", name(operation))
        .register(meters);
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
