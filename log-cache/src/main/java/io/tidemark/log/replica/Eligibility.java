package io.tidemark.log.replica;

import java.util.OptionalLong;

/**
 * Which nodes may be in an ISR now: the epoch of their present life, empty when fenced, shutting
 * down or unknown.
 */
@FunctionalInterface
interface Eligibility {
  OptionalLong nodeEpoch(int nodeId);

  default boolean isEligible(NodeEpoch node) {
    OptionalLong present = nodeEpoch(node.nodeId());
    return present.isPresent() && present.getAsLong() == node.epoch();
  }
}
