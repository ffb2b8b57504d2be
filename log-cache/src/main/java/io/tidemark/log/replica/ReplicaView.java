package io.tidemark.log.replica;

import io.tidemark.log.LogConfig;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What everybody may know of a replica at one moment. Immutable; {@code logStartOffset ≤
 * highWatermark ≤ logEndOffset}, {@code logStartOffset ≤ localLogStartOffset ≤ logEndOffset},
 * {@code lastStableOffset ≤ highWatermark}.
 */
public record ReplicaView(
    TopicIdPartition id,
    Leadership leadership,
    Offsets offsets,
    int replicaCount,
    LogConfig config,
    Path logDirectory) {

  /**
   * Who leads, as this replica knows it.
   *
   * @param leaderId -1 while there is none
   * @param isr the committed in-sync replicas
   * @param offlineError what requests get while the role is OFFLINE, else null
   * @param offlineReason why the role is OFFLINE, else null
   */
  public record Leadership(
      Role role,
      int leaderId,
      int leaderEpoch,
      int partitionEpoch,
      List<Integer> isr,
      @Nullable Errors offlineError,
      @Nullable String offlineReason) {}

  /** Where things stand in the log. {@code tieredOffset}: everything below it is in the bucket. */
  public record Offsets(
      long logStartOffset,
      long localLogStartOffset,
      long tieredOffset,
      long lastStableOffset,
      long highWatermark,
      long logEndOffset) {}

  public Role role() {
    return leadership.role;
  }

  public boolean isLeader() {
    return leadership.role == Role.LEADER;
  }

  public boolean isOnline() {
    return leadership.role != Role.OFFLINE;
  }

  public int leaderId() {
    return leadership.leaderId;
  }

  public int leaderEpoch() {
    return leadership.leaderEpoch;
  }

  public int partitionEpoch() {
    return leadership.partitionEpoch;
  }

  public List<Integer> isr() {
    return leadership.isr;
  }

  public @Nullable Errors offlineError() {
    return leadership.offlineError;
  }

  public @Nullable String offlineReason() {
    return leadership.offlineReason;
  }

  public long logStartOffset() {
    return offsets.logStartOffset;
  }

  public long localLogStartOffset() {
    return offsets.localLogStartOffset;
  }

  public long tieredOffset() {
    return offsets.tieredOffset;
  }

  public long lastStableOffset() {
    return offsets.lastStableOffset;
  }

  public long highWatermark() {
    return offsets.highWatermark;
  }

  public long logEndOffset() {
    return offsets.logEndOffset;
  }

  /** The offset after the last record that a reader with this isolation may see. */
  public long endOffset(Isolation isolation) {
    return switch (isolation) {
      case LOG_END -> offsets.logEndOffset;
      case HIGH_WATERMARK -> offsets.highWatermark;
      case COMMITTED -> offsets.lastStableOffset;
    };
  }
}
