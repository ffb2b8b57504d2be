package io.tidemark.log.replica;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;

/** What moves between the directories of a node count. */
final class MoveMeters {
  private final Counter copied;
  private final Counter moved;
  private final Counter cancelled;
  private final Counter failed;

  MoveMeters(MeterRegistry registry, Collection<ReplicaMove> underWay) {
    Gauge.builder("tidemark.log.moves.under.way", underWay, Collection::size)
        .description("Replicas that are being moved to another log directory of this node")
        .register(registry);
    copied =
        Counter.builder("tidemark.log.moves.copied")
            .description("Bytes of batches copied from one log directory of this node to another")
            .baseUnit("bytes")
            .register(registry);
    moved = ended(registry, "moved");
    cancelled = ended(registry, "cancelled");
    failed = ended(registry, "failed");
  }

  private static Counter ended(MeterRegistry registry, String result) {
    return Counter.builder("tidemark.log.moves")
        .description(
            "Moves of replicas between the log directories of this node, by how they ended")
        .tag("result", result)
        .register(registry);
  }

  void copied(int bytes) {
    copied.increment(bytes);
  }

  void moved() {
    moved.increment();
  }

  void cancelled() {
    cancelled.increment();
  }

  void failed() {
    failed.increment();
  }
}
