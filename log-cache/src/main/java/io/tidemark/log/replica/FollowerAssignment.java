package io.tidemark.log.replica;

import java.util.List;

/**
 * This node follows a partition from now on, as the cluster image says. Fields as in {@link
 * LeaderAssignment}.
 *
 * @param leaderId -1 while there is no leader
 */
public record FollowerAssignment(
    int leaderId,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> replicas,
    List<Integer> isr,
    long tieredOffset,
    long logStartOffset) {

  public FollowerAssignment {
    replicas = List.copyOf(replicas);
    isr = List.copyOf(isr);
  }
}
