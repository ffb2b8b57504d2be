package io.tidemark.tiering.store;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import io.tidemark.tiering.store.StoreCall.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Time;

/**
 * Bounds what a store is asked for: calls at once, fewer after it throttled (reads apart from all
 * else, so that uploads do not stand in the way of fetches), and bytes a second. Callers wait.
 */
public final class LimitedObjectStore extends DecoratedObjectStore {
  private final AdaptiveLimit reads;
  private final AdaptiveLimit writes;
  private final ByteRate readRate;
  private final ByteRate writeRate;

  public LimitedObjectStore(
      ObjectStore delegate, StoreLimits limits, Time time, MeterRegistry meters) {
    super(delegate);
    this.reads = new AdaptiveLimit(limits.concurrentReads());
    this.writes = new AdaptiveLimit(limits.concurrentWrites());
    this.readRate = new ByteRate(limits.readBytesPerSecond(), time);
    this.writeRate = new ByteRate(limits.writeBytesPerSecond(), time);
    register(meters, "read", reads);
    register(meters, "write", writes);
  }

  private static void register(MeterRegistry meters, String kind, AdaptiveLimit limit) {
    Gauge.builder("tidemark.store.concurrency.limit", limit, AdaptiveLimit::limit)
        .description("Calls that may be under way at once; sinks while the store throttles")
        .tag("kind", kind)
        .register(meters);
    Gauge.builder("tidemark.store.concurrency.used", limit, AdaptiveLimit::underWay)
        .description("Calls under way")
        .tag("kind", kind)
        .register(meters);
  }

  @Override
  <T> T around(Operation operation, long bytes, StoreCall<T> call) throws ObjectStoreException {
    if (operation == Operation.READ) {
      readRate.take(bytes);
    }
    AdaptiveLimit limit = operation.isRead() ? reads : writes;
    long number = limit.begin();
    boolean wasThrottled = false;
    try {
      return call.run();
    } catch (ObjectStoreException e) {
      wasThrottled = e.kind() == Kind.THROTTLED;
      throw e;
    } finally {
      limit.end(number, wasThrottled);
    }
  }

  @Override
  ObjectContent contentFor(ObjectContent content) {
    return new RatedContent(content, writeRate);
  }

  /** Content that is handed out no faster than the rate allows. */
  private record RatedContent(ObjectContent content, ByteRate rate) implements ObjectContent {
    @Override
    public long sizeBytes() {
      return content.sizeBytes();
    }

    @Override
    public void read(ByteBuffer dst, long position) throws IOException {
      rate.take(dst.remaining());
      content.read(dst, position);
    }
  }
}
