package io.tidemark.gateway.replication;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.replication.ReplicaFetchers.Following;
import java.util.Collection;
import org.apache.kafka.common.protocol.Errors;

/** What following costs and how far it is, for the whole node. */
final class FetcherMeters {
  private final MeterRegistry registry;
  private final Counter bytes;
  private final Counter corrupt;
  private final Counter truncations;
  private final Counter fromStore;
  private final Counter unanswered;

  FetcherMeters(MeterRegistry registry, Collection<Following> followed) {
    this.registry = registry;
    bytes =
        Counter.builder("tidemark.replica.fetch.bytes")
            .description("Bytes of record batches that this node's followers have fetched")
            .baseUnit("bytes")
            .register(registry);
    corrupt =
        Counter.builder("tidemark.replica.fetch.corrupt")
            .description("Fetched batches that were damaged and therefore not appended")
            .register(registry);
    truncations =
        Counter.builder("tidemark.replica.truncations")
            .description("Times a leader had another history than a follower's log, which was cut")
            .register(registry);
    fromStore =
        Counter.builder("tidemark.replica.starts.tiered")
            .description("Times a follower's log began at the tiered offset of the object store")
            .register(registry);
    unanswered =
        Counter.builder("tidemark.replica.fetch.unanswered")
            .description("Fetches of followers that no leader answered")
            .register(registry);
    Gauge.builder("tidemark.replica.followed", followed, Collection::size)
        .description("Partitions that this node follows")
        .register(registry);
    Gauge.builder("tidemark.replica.fetch.lag.max", followed, FetcherMeters::maxLag)
        .description(
            "Committed records that the follower furthest behind its leader has yet to fetch")
        .register(registry);
  }

  private static double maxLag(Collection<Following> followed) {
    return followed.stream().mapToLong(following -> following.partition().lag()).max().orElse(0);
  }

  void fetched(int sizeBytes) {
    bytes.increment(sizeBytes);
  }

  void corrupt() {
    corrupt.increment();
  }

  void truncated() {
    truncations.increment();
  }

  void startedFromStore() {
    fromStore.increment();
  }

  void unanswered() {
    unanswered.increment();
  }

  /** Errors are few enough for a counter each. */
  void refused(Errors error) {
    Counter.builder("tidemark.replica.fetch.errors")
        .description("Partitions of fetches that leaders refused, by error")
        .tag("error", error.name())
        .register(registry)
        .increment();
  }
}
