package io.tidemark.metadata.coordinator.group;

import org.apache.kafka.common.Uuid;

/**
 * How far a group has read a partition.
 *
 * @param leaderEpoch of the last record read, −1 when unknown
 * @param expireTimestampMs when the client asked for it to expire (OffsetCommit below v5), −1 when
 *     the node's retention counts
 * @param topicId the topic it was committed for, {@link Uuid#ZERO_UUID} when that is unknown
 */
record CommittedOffset(
    long offset,
    int leaderEpoch,
    String metadata,
    long commitTimestampMs,
    long expireTimestampMs,
    Uuid topicId) {
  static final int NO_EPOCH = -1;
  static final long NO_EXPIRY = -1;

  boolean hasOwnExpiry() {
    return expireTimestampMs != NO_EXPIRY;
  }

  boolean knowsTopicId() {
    return !topicId.equals(Uuid.ZERO_UUID);
  }

  /** Whether it was committed for another topic than this one, of the same name. */
  boolean isForAnotherThan(Uuid currentTopicId) {
    return knowsTopicId()
        && !currentTopicId.equals(Uuid.ZERO_UUID)
        && !topicId.equals(currentTopicId);
  }
}
