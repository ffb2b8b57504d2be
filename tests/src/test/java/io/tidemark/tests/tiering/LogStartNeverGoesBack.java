package io.tidemark.tests.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicIdPartition;

/** No log start is ever seen below one that was seen before, whatever crashes in between. (I5) */
final class LogStartNeverGoesBack implements Theorem {
  @Override
  public void check(TierWorld world, TopicIdPartition partition) {
    if (!world.node().leads(partition)) {
      return;
    }
    long logStart = world.node().replica(partition).view().logStartOffset();
    assertThat(logStart)
        .as("log start of %s", partition)
        .isGreaterThanOrEqualTo(world.ledger().page(partition).logStartOffset());
    world.ledger().logStartSeen(partition, logStart);
  }
}
