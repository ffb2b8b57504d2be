package io.tidemark.log;

import io.tidemark.log.record.CompressionSpec;
import org.apache.kafka.common.record.TimestampType;

/**
 * The settings of one log: a topic's, over the node's defaults. Immutable; a changed setting is a
 * new value. Kafka's names and meanings; -2 in a local or lag setting means as Kafka documents it.
 *
 * @param segmentBytes size at which a segment is closed
 * @param segmentMs age at which a segment is closed
 * @param segmentJitterMs at most taken off segmentMs, so that partitions do not roll together
 * @param segmentIndexBytes size at which an index is full and the segment closed
 * @param indexIntervalBytes log bytes between two index entries
 * @param maxMessageBytes largest batch accepted from a producer
 * @param flushMessages records after which the log is forced to disk
 * @param flushMs time after which the log is forced to disk
 * @param retentionMs how long records stay, over both tiers; -1 for ever
 * @param retentionBytes how many bytes stay, over both tiers; -1 without limit
 * @param localRetentionMs how long tiered records stay on this disk; -2 as long as retentionMs
 * @param localRetentionBytes how many tiered bytes stay on this disk; -2 as many as retentionBytes
 * @param compact cleanup.policy contains compact
 * @param delete cleanup.policy contains delete
 * @param minCompactionLagMs how old a record is before it may be compacted away
 * @param maxCompactionLagMs how old a record becomes at most before the log is compacted
 * @param minCleanableDirtyRatio share of the log that is not clean above which it is compacted
 * @param deleteRetentionMs how long a tombstone stays once the log is compacted
 * @param messageTimestampType who sets the timestamps
 * @param timestampBeforeMaxMs how far a timestamp may lie in the past
 * @param timestampAfterMaxMs how far a timestamp may lie in the future
 * @param compression what batches are compressed with
 * @param fileDeleteDelayMs between the renaming and the removal of a file
 * @param minInsyncReplicas ISR members without which acks=all is refused
 * @param uncleanLeaderElection a replica outside the ISR may lead
 * @param remoteStorageEnable closed segments are uploaded
 * @param remoteCopyDisable uploads stop, what is remote stays readable
 * @param remoteCopyLagMs an upload waits until its segment is this old; 0 not at all, -1 as long as
 *     the effective local retention
 * @param remoteCopyLagBytes or until this many newer bytes are in the log; 0 not at all, -1 as many
 *     as the effective local retention
 * @param remoteDeleteOnDisable switching tiering off deletes what is remote
 * @param validation how far batches are looked into
 * @param maxDecompressedBytes largest size of a batch's records once decompressed
 */
public record LogConfig(
    int segmentBytes,
    long segmentMs,
    long segmentJitterMs,
    int segmentIndexBytes,
    int indexIntervalBytes,
    int maxMessageBytes,
    long flushMessages,
    long flushMs,
    long retentionMs,
    long retentionBytes,
    long localRetentionMs,
    long localRetentionBytes,
    boolean compact,
    boolean delete,
    long minCompactionLagMs,
    long maxCompactionLagMs,
    double minCleanableDirtyRatio,
    long deleteRetentionMs,
    TimestampType messageTimestampType,
    long timestampBeforeMaxMs,
    long timestampAfterMaxMs,
    CompressionSpec compression,
    long fileDeleteDelayMs,
    int minInsyncReplicas,
    boolean uncleanLeaderElection,
    boolean remoteStorageEnable,
    boolean remoteCopyDisable,
    long remoteCopyLagMs,
    long remoteCopyLagBytes,
    boolean remoteDeleteOnDisable,
    ProduceValidation validation,
    int maxDecompressedBytes) {

  /** "As long as the retention of the whole", in local retention and copy lag. */
  public static final long LIKE_RETENTION = -2;

  private static final long DAY_MS = 24L * 60 * 60 * 1000;

  public static final LogConfig DEFAULTS =
      new LogConfig(
          1 << 30,
          7 * DAY_MS,
          0,
          10 << 20,
          4096,
          1_048_588,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          7 * DAY_MS,
          -1,
          LIKE_RETENTION,
          LIKE_RETENTION,
          false,
          true,
          0,
          Long.MAX_VALUE,
          0.5,
          DAY_MS,
          TimestampType.CREATE_TIME,
          Long.MAX_VALUE,
          3_600_000,
          CompressionSpec.PRODUCER,
          60_000,
          1,
          false,
          false,
          false,
          0,
          0,
          false,
          ProduceValidation.FULL,
          100 << 20);

  /** The age at which a segment is closed: where a log is compacted, no later than it must be. */
  public long effectiveSegmentMs() {
    return compact ? Math.min(segmentMs, maxCompactionLagMs) : segmentMs;
  }

  /** The time retention that holds for the local copy. */
  public long effectiveLocalRetentionMs() {
    return localRetentionMs == LIKE_RETENTION ? retentionMs : localRetentionMs;
  }

  /** The size retention that holds for the local copy. */
  public long effectiveLocalRetentionBytes() {
    return localRetentionBytes == LIKE_RETENTION ? retentionBytes : localRetentionBytes;
  }

  public Builder toBuilder() {
    return new Builder(this);
  }

  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** Collects changes to a configuration; not thread-safe. */
  public static final class Builder {
    private int segmentBytes;
    private long segmentMs;
    private long segmentJitterMs;
    private int segmentIndexBytes;
    private int indexIntervalBytes;
    private int maxMessageBytes;
    private long flushMessages;
    private long flushMs;
    private long retentionMs;
    private long retentionBytes;
    private long localRetentionMs;
    private long localRetentionBytes;
    private boolean compact;
    private boolean delete;
    private long minCompactionLagMs;
    private long maxCompactionLagMs;
    private double minCleanableDirtyRatio;
    private long deleteRetentionMs;
    private TimestampType messageTimestampType;
    private long timestampBeforeMaxMs;
    private long timestampAfterMaxMs;
    private CompressionSpec compression;
    private long fileDeleteDelayMs;
    private int minInsyncReplicas;
    private boolean uncleanLeaderElection;
    private boolean remoteStorageEnable;
    private boolean remoteCopyDisable;
    private long remoteCopyLagMs;
    private long remoteCopyLagBytes;
    private boolean remoteDeleteOnDisable;
    private ProduceValidation validation;
    private int maxDecompressedBytes;

    private Builder(LogConfig from) {
      this.segmentBytes = from.segmentBytes;
      this.segmentMs = from.segmentMs;
      this.segmentJitterMs = from.segmentJitterMs;
      this.segmentIndexBytes = from.segmentIndexBytes;
      this.indexIntervalBytes = from.indexIntervalBytes;
      this.maxMessageBytes = from.maxMessageBytes;
      this.flushMessages = from.flushMessages;
      this.flushMs = from.flushMs;
      this.retentionMs = from.retentionMs;
      this.retentionBytes = from.retentionBytes;
      this.localRetentionMs = from.localRetentionMs;
      this.localRetentionBytes = from.localRetentionBytes;
      this.compact = from.compact;
      this.delete = from.delete;
      this.minCompactionLagMs = from.minCompactionLagMs;
      this.maxCompactionLagMs = from.maxCompactionLagMs;
      this.minCleanableDirtyRatio = from.minCleanableDirtyRatio;
      this.deleteRetentionMs = from.deleteRetentionMs;
      this.messageTimestampType = from.messageTimestampType;
      this.timestampBeforeMaxMs = from.timestampBeforeMaxMs;
      this.timestampAfterMaxMs = from.timestampAfterMaxMs;
      this.compression = from.compression;
      this.fileDeleteDelayMs = from.fileDeleteDelayMs;
      this.minInsyncReplicas = from.minInsyncReplicas;
      this.uncleanLeaderElection = from.uncleanLeaderElection;
      this.remoteStorageEnable = from.remoteStorageEnable;
      this.remoteCopyDisable = from.remoteCopyDisable;
      this.remoteCopyLagMs = from.remoteCopyLagMs;
      this.remoteCopyLagBytes = from.remoteCopyLagBytes;
      this.remoteDeleteOnDisable = from.remoteDeleteOnDisable;
      this.validation = from.validation;
      this.maxDecompressedBytes = from.maxDecompressedBytes;
    }

    public Builder segmentBytes(int segmentBytes) {
      this.segmentBytes = segmentBytes;
      return this;
    }

    public Builder segmentMs(long segmentMs) {
      this.segmentMs = segmentMs;
      return this;
    }

    public Builder segmentJitterMs(long segmentJitterMs) {
      this.segmentJitterMs = segmentJitterMs;
      return this;
    }

    public Builder segmentIndexBytes(int segmentIndexBytes) {
      this.segmentIndexBytes = segmentIndexBytes;
      return this;
    }

    public Builder indexIntervalBytes(int indexIntervalBytes) {
      this.indexIntervalBytes = indexIntervalBytes;
      return this;
    }

    public Builder maxMessageBytes(int maxMessageBytes) {
      this.maxMessageBytes = maxMessageBytes;
      return this;
    }

    public Builder flushMessages(long flushMessages) {
      this.flushMessages = flushMessages;
      return this;
    }

    public Builder flushMs(long flushMs) {
      this.flushMs = flushMs;
      return this;
    }

    public Builder retentionMs(long retentionMs) {
      this.retentionMs = retentionMs;
      return this;
    }

    public Builder retentionBytes(long retentionBytes) {
      this.retentionBytes = retentionBytes;
      return this;
    }

    public Builder localRetentionMs(long localRetentionMs) {
      this.localRetentionMs = localRetentionMs;
      return this;
    }

    public Builder localRetentionBytes(long localRetentionBytes) {
      this.localRetentionBytes = localRetentionBytes;
      return this;
    }

    public Builder compact(boolean compact) {
      this.compact = compact;
      return this;
    }

    public Builder delete(boolean delete) {
      this.delete = delete;
      return this;
    }

    public Builder minCompactionLagMs(long minCompactionLagMs) {
      this.minCompactionLagMs = minCompactionLagMs;
      return this;
    }

    public Builder maxCompactionLagMs(long maxCompactionLagMs) {
      this.maxCompactionLagMs = maxCompactionLagMs;
      return this;
    }

    public Builder minCleanableDirtyRatio(double minCleanableDirtyRatio) {
      this.minCleanableDirtyRatio = minCleanableDirtyRatio;
      return this;
    }

    public Builder deleteRetentionMs(long deleteRetentionMs) {
      this.deleteRetentionMs = deleteRetentionMs;
      return this;
    }

    public Builder messageTimestampType(TimestampType messageTimestampType) {
      this.messageTimestampType = messageTimestampType;
      return this;
    }

    public Builder timestampBeforeMaxMs(long timestampBeforeMaxMs) {
      this.timestampBeforeMaxMs = timestampBeforeMaxMs;
      return this;
    }

    public Builder timestampAfterMaxMs(long timestampAfterMaxMs) {
      this.timestampAfterMaxMs = timestampAfterMaxMs;
      return this;
    }

    public Builder compression(CompressionSpec compression) {
      this.compression = compression;
      return this;
    }

    public Builder fileDeleteDelayMs(long fileDeleteDelayMs) {
      this.fileDeleteDelayMs = fileDeleteDelayMs;
      return this;
    }

    public Builder minInsyncReplicas(int minInsyncReplicas) {
      this.minInsyncReplicas = minInsyncReplicas;
      return this;
    }

    public Builder uncleanLeaderElection(boolean uncleanLeaderElection) {
      this.uncleanLeaderElection = uncleanLeaderElection;
      return this;
    }

    public Builder remoteStorageEnable(boolean remoteStorageEnable) {
      this.remoteStorageEnable = remoteStorageEnable;
      return this;
    }

    public Builder remoteCopyDisable(boolean remoteCopyDisable) {
      this.remoteCopyDisable = remoteCopyDisable;
      return this;
    }

    public Builder remoteCopyLagMs(long remoteCopyLagMs) {
      this.remoteCopyLagMs = remoteCopyLagMs;
      return this;
    }

    public Builder remoteCopyLagBytes(long remoteCopyLagBytes) {
      this.remoteCopyLagBytes = remoteCopyLagBytes;
      return this;
    }

    public Builder remoteDeleteOnDisable(boolean remoteDeleteOnDisable) {
      this.remoteDeleteOnDisable = remoteDeleteOnDisable;
      return this;
    }

    public Builder validation(ProduceValidation validation) {
      this.validation = validation;
      return this;
    }

    public Builder maxDecompressedBytes(int maxDecompressedBytes) {
      this.maxDecompressedBytes = maxDecompressedBytes;
      return this;
    }

    public LogConfig build() {
      return new LogConfig(
          segmentBytes,
          segmentMs,
          segmentJitterMs,
          segmentIndexBytes,
          indexIntervalBytes,
          maxMessageBytes,
          flushMessages,
          flushMs,
          retentionMs,
          retentionBytes,
          localRetentionMs,
          localRetentionBytes,
          compact,
          delete,
          minCompactionLagMs,
          maxCompactionLagMs,
          minCleanableDirtyRatio,
          deleteRetentionMs,
          messageTimestampType,
          timestampBeforeMaxMs,
          timestampAfterMaxMs,
          compression,
          fileDeleteDelayMs,
          minInsyncReplicas,
          uncleanLeaderElection,
          remoteStorageEnable,
          remoteCopyDisable,
          remoteCopyLagMs,
          remoteCopyLagBytes,
          remoteDeleteOnDisable,
          validation,
          maxDecompressedBytes);
    }
  }
}
