package io.tidemark.metadata.coordinator.group;

/**
 * The settings of the group coordinator, under Kafka's names and with Kafka's defaults.
 *
 * @param minSessionTimeoutMs {@code group.min.session.timeout.ms}
 * @param maxSessionTimeoutMs {@code group.max.session.timeout.ms}
 * @param initialRebalanceDelayMs {@code group.initial.rebalance.delay.ms}: how long an empty group
 *     waits for more members before its first rebalance
 * @param maxSize {@code group.max.size}: members of a group
 * @param offsetMetadataMaxBytes {@code offset.metadata.max.bytes}: metadata of one committed offset
 * @param offsetsRetentionMs {@code offsets.retention.minutes}, in milliseconds
 * @param offsetsRetentionCheckIntervalMs {@code offsets.retention.check.interval.ms}
 * @param commitTimeoutMs {@code offsets.commit.timeout.ms}: how long an answer waits for a commit
 */
public record GroupConfig(
    int minSessionTimeoutMs,
    int maxSessionTimeoutMs,
    int initialRebalanceDelayMs,
    int maxSize,
    int offsetMetadataMaxBytes,
    long offsetsRetentionMs,
    long offsetsRetentionCheckIntervalMs,
    int commitTimeoutMs) {
  public static final GroupConfig DEFAULTS =
      new GroupConfig(
          6_000, 1_800_000, 3_000, Integer.MAX_VALUE, 4_096, 7L * 24 * 3_600_000, 600_000, 5_000);

  public GroupConfig withSessionTimeouts(int minMs, int maxMs) {
    return new GroupConfig(
        minMs,
        maxMs,
        initialRebalanceDelayMs,
        maxSize,
        offsetMetadataMaxBytes,
        offsetsRetentionMs,
        offsetsRetentionCheckIntervalMs,
        commitTimeoutMs);
  }

  public GroupConfig withInitialRebalanceDelayMs(int delayMs) {
    return new GroupConfig(
        minSessionTimeoutMs,
        maxSessionTimeoutMs,
        delayMs,
        maxSize,
        offsetMetadataMaxBytes,
        offsetsRetentionMs,
        offsetsRetentionCheckIntervalMs,
        commitTimeoutMs);
  }

  public GroupConfig withMaxSize(int members) {
    return new GroupConfig(
        minSessionTimeoutMs,
        maxSessionTimeoutMs,
        initialRebalanceDelayMs,
        members,
        offsetMetadataMaxBytes,
        offsetsRetentionMs,
        offsetsRetentionCheckIntervalMs,
        commitTimeoutMs);
  }

  public GroupConfig withOffsetsRetention(long retentionMs, long checkIntervalMs) {
    return new GroupConfig(
        minSessionTimeoutMs,
        maxSessionTimeoutMs,
        initialRebalanceDelayMs,
        maxSize,
        offsetMetadataMaxBytes,
        retentionMs,
        checkIntervalMs,
        commitTimeoutMs);
  }

  public GroupConfig withOffsetMetadataMaxBytes(int bytes) {
    return new GroupConfig(
        minSessionTimeoutMs,
        maxSessionTimeoutMs,
        initialRebalanceDelayMs,
        maxSize,
        bytes,
        offsetsRetentionMs,
        offsetsRetentionCheckIntervalMs,
        commitTimeoutMs);
  }

  public GroupConfig withCommitTimeoutMs(int timeoutMs) {
    return new GroupConfig(
        minSessionTimeoutMs,
        maxSessionTimeoutMs,
        initialRebalanceDelayMs,
        maxSize,
        offsetMetadataMaxBytes,
        offsetsRetentionMs,
        offsetsRetentionCheckIntervalMs,
        timeoutMs);
  }
}
