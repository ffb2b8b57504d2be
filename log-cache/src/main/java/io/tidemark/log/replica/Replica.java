package io.tidemark.log.replica;

import io.tidemark.log.LogConfig;
import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.partition.ActiveSegment;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.partition.TimestampedOffset;
import io.tidemark.log.validate.ValidatedBatches;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;

/** One partition's replica on this node. */
public final class Replica {

  Replica() {}

  public TopicIdPartition id() {
    throw new UnsupportedOperationException();
  }

  /** The newest snapshot; never blocks. */
  public ReplicaView view() {
    throw new UnsupportedOperationException();
  }

  /**
   * Queues batches for the log; never blocks for replication and never throws for an operating
   * error.
   *
   * @param expectedLeaderEpoch the epoch the appender was told to write under; -1 for producers,
   *     who have none
   */
  public void append(
      ValidatedBatches batches, Acks acks, int expectedLeaderEpoch, AppendListener listener) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads without waiting. Throws Kafka's own exceptions: NotLeaderOrFollower, FencedLeaderEpoch,
   * UnknownLeaderEpoch, OffsetOutOfRange, KafkaStorage.
   */
  public ReplicaRead read(ReadRequest request) {
    throw new UnsupportedOperationException();
  }

  public ReplicaWatch watch(ReplicaWatcher watcher) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<Void> becomeLeader(LeaderAssignment assignment) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<Void> becomeFollower(FollowerAssignment assignment) {
    throw new UnsupportedOperationException();
  }

  /** A follower's fetch arrived: it has everything below {@code fetchOffset}. */
  public CompletableFuture<Void> followerProgress(FollowerProgress progress) {
    throw new UnsupportedOperationException();
  }

  /** The committed ISR came by way of the cluster image. */
  public CompletableFuture<Void> isrCommitted(
      int leaderEpoch, int partitionEpoch, List<Integer> isr) {
    throw new UnsupportedOperationException();
  }

  public CompletableFuture<Void> configure(LogConfig config) {
    throw new UnsupportedOperationException();
  }

  /**
   * Everything below the offset is in the bucket, says the committed manifest. Never goes back
   * within one leader epoch.
   */
  public CompletableFuture<Void> tieredTo(long tieredOffset) {
    throw new UnsupportedOperationException();
  }

  /**
   * Moves the log start up to {@code min(offset, highWatermark)} and drops local segments wholly
   * below; the result is the log start now.
   */
  public CompletableFuture<Long> advanceLogStart(long offset) {
    throw new UnsupportedOperationException();
  }

  /**
   * Drops local segments wholly below offset, tiered offset and high watermark; the result is the
   * number of segments dropped.
   */
  public CompletableFuture<Integer> deleteLocalSegments(long belowOffset) {
    throw new UnsupportedOperationException();
  }

  /** Closes the active segment unless it is empty. */
  public CompletableFuture<Void> roll() {
    throw new UnsupportedOperationException();
  }

  /** Closed local segments in order. Callers retain what they keep. */
  public List<ClosedSegment> closedSegments() {
    throw new UnsupportedOperationException();
  }

  /** Closed segments wholly below the last stable offset and not wholly below the tiered offset. */
  public List<ClosedSegment> uploadable() {
    throw new UnsupportedOperationException();
  }

  /** The segment being written, as {@code PartitionLog.activeSegment}. */
  public ActiveSegment activeSegment() {
    throw new UnsupportedOperationException();
  }

  /** Which leader epochs wrote the local log. */
  public EpochLineage lineage() {
    throw new UnsupportedOperationException();
  }

  /** Bytes of all local segments. */
  public long sizeBytes() {
    throw new UnsupportedOperationException();
  }

  /** What the local log knows of a leader epoch's end; throws as {@link #read}. */
  public EpochEnd endOffsetForEpoch(int currentLeaderEpoch, int leaderEpoch) {
    throw new UnsupportedOperationException();
  }

  /** First local record below the isolation's end whose timestamp is at least this one. */
  public Optional<TimestampedOffset> offsetForTimestamp(long timestampMs, Isolation isolation) {
    throw new UnsupportedOperationException();
  }

  /** The local record with the greatest timestamp, first one of equals. */
  public Optional<TimestampedOffset> maxTimestamp(Isolation isolation) {
    throw new UnsupportedOperationException();
  }

  /** Waits for what is queued, flushes and closes; further calls are refused. Idempotent. */
  public CompletableFuture<Void> close() {
    throw new UnsupportedOperationException();
  }

  /** Closes and removes the local log for good. */
  public CompletableFuture<Void> delete() {
    throw new UnsupportedOperationException();
  }
}
