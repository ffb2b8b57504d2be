package io.tidemark.metadata.coordinator.group;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a classic group is.
 *
 * <pre>
 *            a member joins              all rejoined, or time is up
 *   Empty ───────────────────→ PreparingRebalance ───────────────────→ CompletingRebalance
 *     ↑                          ↑  │          ↑                           │      │
 *     └── nobody is left ────────┼──┘          └── a member joins, leaves ─┘      │ leader's
 *                                │                 or expires, no sync            │ assignment
 *                                └───────────────── Stable ←──────────────────────┘
 *
 *   Dead: removed; from anywhere
 * </pre>
 */
enum GroupState {
  EMPTY("Empty"),
  PREPARING_REBALANCE("PreparingRebalance"),
  COMPLETING_REBALANCE("CompletingRebalance"),
  STABLE("Stable"),
  DEAD("Dead");

  private final String shown;

  GroupState(String shown) {
    this.shown = shown;
  }

  boolean mayFollow(GroupState previous) {
    return legalPrevious().contains(previous);
  }

  private Set<GroupState> legalPrevious() {
    return switch (this) {
      case EMPTY, COMPLETING_REBALANCE -> EnumSet.of(PREPARING_REBALANCE);
      case PREPARING_REBALANCE -> EnumSet.of(STABLE, COMPLETING_REBALANCE, EMPTY);
      case STABLE -> EnumSet.of(COMPLETING_REBALANCE);
      case DEAD -> EnumSet.allOf(GroupState.class);
    };
  }

  /** As Kafka spells it. */
  @Override
  public String toString() {
    return shown;
  }
}
