package io.tidemark.tiering;

import org.apache.kafka.common.TopicIdPartition;

/** The quorum knows a newer leader of the partition, or none: this one stops changing its tier. */
final class FencedException extends Exception {
  private static final long serialVersionUID = 1L;

  FencedException(TopicIdPartition partition, int leaderEpoch) {
    super(partition + " is not led in epoch " + leaderEpoch + " any more");
  }
}
