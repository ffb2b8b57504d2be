package io.tidemark.metadata.coordinator.group;

import java.util.EnumMap;
import java.util.Map;

/**
 * How many groups of one partition are in which state; shown with those of the other partitions.
 */
final class StateCounts {
  private final GroupMeters meters;
  private final Map<GroupState, Integer> counts = new EnumMap<>(GroupState.class);

  StateCounts(GroupMeters meters) {
    this.meters = meters;
  }

  void entered(GroupState state) {
    add(state, 1);
  }

  void moved(GroupState from, GroupState to) {
    add(from, -1);
    add(to, 1);
  }

  void left(GroupState state) {
    add(state, -1);
  }

  /** Takes back everything: the partition is somebody else's. */
  void clear() {
    counts.forEach((state, count) -> meters.groups(state, -count));
    counts.clear();
  }

  private void add(GroupState state, int by) {
    counts.merge(state, by, Integer::sum);
    meters.groups(state, by);
  }
}
