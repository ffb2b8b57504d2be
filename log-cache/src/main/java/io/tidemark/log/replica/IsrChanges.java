package io.tidemark.log.replica;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The way to the quorum for changes of the in-sync replicas. Supplied by the wiring; the
 * controller's AlterPartition.
 */
public interface IsrChanges {

  /**
   * Proposes a new ISR. Never completes exceptionally for a refusal; an exception means the outcome
   * is unknown and the proposal is sent again. Does not block.
   */
  CompletableFuture<IsrResult> propose(IsrProposal proposal);

  /**
   * The epoch of a node's present life when it may be in an ISR; empty when it is fenced, shutting
   * down or unknown. Answered from the cluster image, does not block.
   */
  OptionalLong eligibleNodeEpoch(int nodeId);
}
