package io.tidemark.log.partition;

import io.tidemark.log.LogConfig;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.producer.ProducerState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/** The hot log of one partition. */
public final class PartitionLog {
  PartitionLog() {}

  public TopicIdPartition id() {
    throw new UnsupportedOperationException();
  }

  /** The entry of {@code log.dirs} it lies in. */
  public Path logDirectory() {
    throw new UnsupportedOperationException();
  }

  public LogConfig config() {
    throw new UnsupportedOperationException();
  }

  public void configure(LogConfig config) {
    throw new UnsupportedOperationException();
  }

  /** Volatile snapshot. */
  public LogOffsets offsets() {
    throw new UnsupportedOperationException();
  }

  public EpochLineage lineage() {
    throw new UnsupportedOperationException();
  }

  /** Notes that a leader epoch begins at the log end. */
  public void beginEpoch(int leaderEpoch) {
    throw new UnsupportedOperationException();
  }

  public long sizeBytes() {
    throw new UnsupportedOperationException();
  }

  /** Everything below is durable. */
  public long recoveryPoint() {
    throw new UnsupportedOperationException();
  }

  /** Why nothing of this log can be used any more; null while it is online. */
  public @Nullable String offlineReason() {
    throw new UnsupportedOperationException();
  }

  // appending: one thread at a time

  public AppendPlan plan(long nowMs) {
    throw new UnsupportedOperationException();
  }

  /** One positioned write; rolls when due; all or nothing. KafkaStorageException. */
  public void append(AppendPlan plan) {
    throw new UnsupportedOperationException();
  }

  /** Closes the active segment; false when it is empty. */
  public boolean roll() {
    throw new UnsupportedOperationException();
  }

  public void truncateTo(long offset) {
    throw new UnsupportedOperationException();
  }

  /** Empties the log and lets it begin here. The snapshot is ClosedSegment.producerSnapshot(). */
  public void truncateFullyAndStartAt(
      long offset, EpochLineage lineage, @Nullable ByteBuffer producerSnapshot) {
    throw new UnsupportedOperationException();
  }

  /** Never goes back. */
  public void advanceLogStart(long offset) {
    throw new UnsupportedOperationException();
  }

  /** Deletes closed segments that end at or below; returns how many. */
  public int deleteLocalSegmentsBelow(long offset) {
    throw new UnsupportedOperationException();
  }

  /** Forces everything written so far; any thread. Returns the recovery point. */
  public long flush() {
    throw new UnsupportedOperationException();
  }

  public void expireProducers(long nowMs) {
    throw new UnsupportedOperationException();
  }

  // reading: any thread

  /** OffsetOutOfRangeException outside [localLogStart, upTo]; KafkaStorageException. */
  public LogSlice read(
      long offset, int maxBytes, long upToOffsetExclusive, boolean atLeastOneBatch) {
    throw new UnsupportedOperationException();
  }

  public List<ClosedSegment> closedSegments() {
    throw new UnsupportedOperationException();
  }

  /** The first local record at or after a time, below an offset. */
  public Optional<TimestampedOffset> offsetForTimestamp(long timestampMs, long upToOffsetExclusive)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The first local record with the largest timestamp. */
  public Optional<TimestampedOffset> maxTimestamp() throws IOException {
    throw new UnsupportedOperationException();
  }

  public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  public Collection<ProducerState> producers() {
    throw new UnsupportedOperationException();
  }

  /** First offset of the oldest undecided transaction; empty when there is none. */
  public OptionalLong firstUnstableOffset() {
    throw new UnsupportedOperationException();
  }

  /** Transactions whose marker lies below are decided for readers (LSO). */
  public void highWatermarkAdvanced(long highWatermark) {
    throw new UnsupportedOperationException();
  }

  /** The high watermark as checkpointed before the last stop; empty when unknown. */
  public OptionalLong checkpointedHighWatermark() {
    throw new UnsupportedOperationException();
  }

  /** Largest timestamp and first-append time of the active segment, for rolling by age. */
  public ActiveSegment activeSegment() {
    throw new UnsupportedOperationException();
  }
}
