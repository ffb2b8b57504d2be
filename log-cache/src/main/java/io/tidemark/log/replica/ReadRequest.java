package io.tidemark.log.replica;

/**
 * One read of a partition.
 *
 * @param maxBytes of the answer; the first batch may be larger when {@code atLeastOneBatch}
 * @param currentLeaderEpoch the epoch the reader believes in; -1 when it has none
 * @param lastFetchedEpoch the epoch of the last record the reader has; -1 when it does not want to
 *     be told of divergence
 * @param leaderOnly refuse with NOT_LEADER_OR_FOLLOWER when this replica does not lead
 */
public record ReadRequest(
    long offset,
    int maxBytes,
    boolean atLeastOneBatch,
    Isolation isolation,
    int currentLeaderEpoch,
    int lastFetchedEpoch,
    boolean leaderOnly) {

  public static final int NO_EPOCH = -1;

  /** A consumer's read from the leader, without epoch checks. */
  public static ReadRequest ofConsumer(long offset, int maxBytes, Isolation isolation) {
    return new ReadRequest(offset, maxBytes, true, isolation, NO_EPOCH, NO_EPOCH, true);
  }

  public ReadRequest withMaxBytes(int newMaxBytes, boolean newAtLeastOneBatch) {
    return new ReadRequest(
        offset,
        newMaxBytes,
        newAtLeastOneBatch,
        isolation,
        currentLeaderEpoch,
        lastFetchedEpoch,
        leaderOnly);
  }
}
