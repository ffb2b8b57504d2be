package io.tidemark.log.replica;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What replicas count, for the whole node. */
final class ReplicaMeters {
  private final Timer write;
  private final Timer flush;
  private final DistributionSummary drainAppends;
  private final Counter refused;
  private final Counter tailHits;
  private final Counter fileReads;
  private final Counter coldReads;

  ReplicaMeters(MeterRegistry registry) {
    write =
        Timer.builder("tidemark.log.write")
            .description("Time of one write to a log: all batches of a drain")
            .publishPercentiles(0.5, 0.99, 0.999)
            .register(registry);
    flush =
        Timer.builder("tidemark.log.flush")
            .description("Time of one fsync of a log")
            .publishPercentiles(0.5, 0.99, 0.999)
            .register(registry);
    drainAppends =
        DistributionSummary.builder("tidemark.log.drain.appends")
            .description("Appends gathered into one write")
            .register(registry);
    refused =
        Counter.builder("tidemark.log.appends.refused")
            .description("Appends that were refused, for whatever reason")
            .register(registry);
    tailHits = reads(registry, "memory");
    fileReads = reads(registry, "page-cache");
    coldReads = reads(registry, "disk");
  }

  private static Counter reads(MeterRegistry registry, String source) {
    return Counter.builder("tidemark.log.reads")
        .description("Reads of local logs by where the bytes most likely came from")
        .tag("source", source)
        .register(registry);
  }

  void wrote(long durationNs, int appends) {
    write.record(durationNs, TimeUnit.NANOSECONDS);
    drainAppends.record(appends);
  }

  void flushed(long durationNs) {
    flush.record(durationNs, TimeUnit.NANOSECONDS);
  }

  void refused() {
    refused.increment();
  }

  void read(ReadSource source) {
    switch (source) {
      case MEMORY -> tailHits.increment();
      case PAGE_CACHE -> fileReads.increment();
      case LOCAL_DISK -> coldReads.increment();
      case NONE, BUCKET -> {}
    }
  }
}
