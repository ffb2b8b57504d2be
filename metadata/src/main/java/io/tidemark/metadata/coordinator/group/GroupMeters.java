package io.tidemark.metadata.coordinator.group;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What the group coordinator shows, over all partitions of this node. Safe from any thread. */
final class GroupMeters {
  private final Map<GroupState, AtomicInteger> groups = new EnumMap<>(GroupState.class);
  private final Counter commits;
  private final Counter rebalances;
  private final Counter expirations;
  private final Counter deletions;

  GroupMeters(MeterRegistry registry) {
    for (GroupState state : GroupState.values()) {
      if (state != GroupState.DEAD) {
        groups.put(state, groupGauge(registry, state));
      }
    }
    commits = counter(registry, "tidemark.group.offset.commits", "Offsets committed by groups");
    rebalances = counter(registry, "tidemark.group.rebalances", "Rebalances completed");
    expirations =
        counter(registry, "tidemark.group.offset.expirations", "Committed offsets that expired");
    deletions =
        counter(
            registry,
            "tidemark.group.offset.deletions",
            "Committed offsets deleted on request or with their topic or group");
  }

  private static AtomicInteger groupGauge(MeterRegistry registry, GroupState state) {
    AtomicInteger count = new AtomicInteger();
    Gauge.builder("tidemark.group.groups", count, AtomicInteger::get)
        .description("Consumer groups this node coordinates, by state")
        .tag("state", state.toString())
        .register(registry);
    return count;
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  void groups(GroupState state, int by) {
    AtomicInteger count = groups.get(state);
    if (count != null) {
      count.addAndGet(by);
    }
  }

  void committed(int offsets) {
    commits.increment(offsets);
  }

  void rebalanced() {
    rebalances.increment();
  }

  void expired(int offsets) {
    expirations.increment(offsets);
  }

  void deleted(int offsets) {
    deletions.increment(offsets);
  }
}
