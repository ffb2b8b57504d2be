package io.tidemark.metadata.coordinator.transaction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the transaction coordinator shows, over all partitions of this node. Safe from any thread.
 */
final class TransactionMeters {
  private final Map<TransactionState, AtomicInteger> ids = new EnumMap<>(TransactionState.class);
  private final Counter commits;
  private final Counter aborts;
  private final Counter timeouts;
  private final Counter fences;
  private final Counter expirations;

  TransactionMeters(MeterRegistry registry) {
    for (TransactionState state : TransactionState.values()) {
      if (state != TransactionState.DEAD && state != TransactionState.PREPARE_EPOCH_FENCE) {
        ids.put(state, gauge(registry, state));
      }
    }
    commits = ended(registry, "commit");
    aborts = ended(registry, "abort");
    timeouts =
        counter(
            registry,
            "tidemark.transaction.timeouts",
            "Transactions aborted because they took longer than their producer allowed");
    fences =
        counter(
            registry,
            "tidemark.transaction.fences",
            "Transactions aborted because a new producer came for their transactional id");
    expirations =
        counter(
            registry,
            "tidemark.transaction.id.expirations",
            "Transactional ids forgotten because nobody used them");
  }

  private static AtomicInteger gauge(MeterRegistry registry, TransactionState state) {
    AtomicInteger count = new AtomicInteger();
    Gauge.builder("tidemark.transaction.ids", count, AtomicInteger::get)
        .description("Transactional ids this node coordinates, by state")
        .tag("state", state.publicName())
        .register(registry);
    return count;
  }

  private static Counter ended(MeterRegistry registry, String result) {
    return Counter.builder("tidemark.transaction.ends")
        .description("Transactions ended on all their partitions, by result")
        .tag("result", result)
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  void ended(boolean isCommit) {
    (isCommit ? commits : aborts).increment();
  }

  void timedOut() {
    timeouts.increment();
  }

  void fenced() {
    fences.increment();
  }

  void expired(int count) {
    expirations.increment(count);
  }

  /** What one core contributes, so that it can be taken back. Used on one lane at a time. */
  final class Counts {
    private final Map<TransactionState, Integer> mine = new EnumMap<>(TransactionState.class);

    void changed(@Nullable TransactionState from, @Nullable TransactionState to) {
      add(from, -1);
      add(to, 1);
    }

    void clear() {
      Map.copyOf(mine).forEach((state, count) -> add(state, -count));
    }

    private void add(@Nullable TransactionState state, int by) {
      if (state == null) {
        return;
      }
      mine.merge(state, by, Integer::sum);
      AtomicInteger count = ids.get(state);
      if (count != null) {
        count.addAndGet(by);
      }
    }
  }
}
