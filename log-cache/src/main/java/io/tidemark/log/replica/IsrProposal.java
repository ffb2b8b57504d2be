package io.tidemark.log.replica;

import java.util.List;
import org.apache.kafka.common.TopicIdPartition;

/**
 * The in-sync replicas a leader wants, with the epochs it decided on; the quorum refuses it when
 * either has moved.
 */
public record IsrProposal(
    TopicIdPartition partition, int leaderEpoch, int partitionEpoch, List<NodeEpoch> isr) {

  public IsrProposal {
    isr = List.copyOf(isr);
  }
}
