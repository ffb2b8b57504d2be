package io.tidemark.gateway.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.util.List;

/**
 * The node's meter registry, with the meters of the JVM and the process in it. Every part of the
 * node registers its own. A name may have at most 5,000 series: further tag values are dropped, so
 * that clients cannot fill the memory with names of their invention. Closed by who made it.
 */
public final class NodeMeters implements AutoCloseable {
  private static final int MAX_SERIES_OF_A_NAME = 5_000;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();

  public NodeMeters() {
    SeriesLimit limit = new SeriesLimit(MAX_SERIES_OF_A_NAME);
    registry.config().meterFilter(limit).onMeterRemoved(meter -> limit.forget(meter.getId()));
    List<MeterBinder> binders =
        List.of(
            gc,
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ClassLoaderMetrics(),
            new ProcessorMetrics(),
            new UptimeMetrics(),
            new FileDescriptorMetrics());
    binders.forEach(binder -> binder.bindTo(registry));
    bindNetty(registry);
  }

  private static void bindNetty(MeterRegistry registry) {
    Gauge.builder("tidemark.netty.direct.memory.used", PlatformDependent::usedDirectMemory)
        .description("Memory outside the heap that the network code has taken from the system.")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("tidemark.netty.direct.memory.limit", PlatformDependent::maxDirectMemory)
        .description("What that memory may come to.")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder(
            "tidemark.netty.frame.pool.bytes",
            () -> PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
        .description("Memory outside the heap that the pool of request frames holds.")
        .baseUnit("bytes")
        .register(registry);
  }

  public MeterRegistry registry() {
    return registry;
  }

  /** All meters in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
