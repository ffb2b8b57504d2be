package io.tidemark.log.replica;

import java.util.List;

/**
 * This node leads a partition from now on, as the cluster image says.
 *
 * @param leaderEpoch rises with every election
 * @param partitionEpoch rises with every change of the partition's registration; what an ISR change
 *     is compared with
 * @param replicas the nodes that hold the partition, this one included
 * @param isr the committed in-sync replicas, this node included
 * @param tieredOffset everything below it is in the bucket; 0 when nothing is
 * @param logStartOffset the quorum's log start offset; the log's own may already be greater
 */
public record LeaderAssignment(
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> replicas,
    List<Integer> isr,
    long tieredOffset,
    long logStartOffset) {

  public LeaderAssignment {
    replicas = List.copyOf(replicas);
    isr = List.copyOf(isr);
  }
}
