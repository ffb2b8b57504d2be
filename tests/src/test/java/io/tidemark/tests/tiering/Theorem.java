package io.tidemark.tests.tiering;

import org.apache.kafka.common.TopicIdPartition;

/** Something that holds for a partition at any moment between two steps of the simulation. */
@FunctionalInterface
interface Theorem {
  /** Throws an AssertionError where it does not hold. */
  void check(TierWorld world, TopicIdPartition partition);
}
