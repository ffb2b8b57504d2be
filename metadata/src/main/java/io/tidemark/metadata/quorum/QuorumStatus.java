package io.tidemark.metadata.quorum;

import java.util.List;

/**
 * Where the quorum stands.
 *
 * @param highWatermark the index up to which everything is committed, exclusive
 */
public record QuorumStatus(Leadership leadership, long highWatermark, List<Voter> voters) {

  /**
   * One voter.
   *
   * @param logEndOffset the index after its last entry, −1 where it is not known
   * @param lastContactMs wall-clock time it was last heard of, −1 where it is not known
   */
  public record Voter(int nodeId, String address, long logEndOffset, long lastContactMs) {}
}
