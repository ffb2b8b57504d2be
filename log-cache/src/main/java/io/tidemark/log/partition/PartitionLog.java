package io.tidemark.log.partition;

import io.tidemark.log.LogConfig;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.producer.ProducerBudget;
import io.tidemark.log.producer.ProducerPlan;
import io.tidemark.log.producer.ProducerSnapshot;
import io.tidemark.log.producer.ProducerState;
import io.tidemark.log.producer.ProducerTable;
import io.tidemark.log.recovery.CleanLog;
import io.tidemark.log.recovery.LoadedLog;
import io.tidemark.log.recovery.ProducerReplay;
import io.tidemark.log.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.jspecify.annotations.Nullable;

/**
 * The hot log of one partition: segments in a folder, the last of them being written. {@code
 * logStartOffset ≤ logEndOffset}; what is below {@code localLogStartOffset} is in the cold tier, if
 * anywhere. Everything that changes it is called by one appender at a time; reading, {@link #flush}
 * and {@link #expireProducers} are safe from any thread. Once it is offline every call throws
 * {@link KafkaStorageException}. Closed and deleted by {@link LogDirectories}.
 */
public final class PartitionLog {
  private final TopicIdPartition id;
  private final LogPlace place;
  private final LogContext context;
  private final LogWriter writer;
  private final LogFlush flush;
  private final LogTruncation truncation;
  private final LogCompaction compaction;
  private final RecoveryMark recoveryMark;
  private final ProducerBudget.Share producerShare;
  private final OptionalLong checkpointedHighWatermark;

  // Volatile because readers take the log as it is at one moment.
  private volatile LogState state;
  private volatile LogConfig config;
  private volatile EpochLineage lineage;
  private volatile ProducerTable producers;
  private volatile long highWatermark;

  PartitionLog(
      TopicIdPartition id,
      LogPlace place,
      LogContext context,
      LogConfig config,
      LoadedLog loaded,
      LogCheckpoints checkpoints) {
    this.id = id;
    this.place = place;
    this.context = context;
    this.config = config;
    this.lineage = loaded.lineage();
    this.producers = loaded.producers();
    this.producerShare = context.producers().open();
    producerShare.over(producers.size());
    this.checkpointedHighWatermark = checkpoints.highWatermark();
    this.highWatermark = checkpoints.highWatermark().orElse(0);
    this.state = initialState(loaded, checkpoints.logStartOffset());
    this.flush = new LogFlush(this, context, place.folder(), loaded);
    this.writer = new LogWriter(this, context, place, loaded.isAsClosed());
    this.recoveryMark =
        new RecoveryMark(
            context.disk(), place.folder(), checkpoints.recoveryPoint(), loaded.isMarked());
    SegmentRemoval removal =
        new SegmentRemoval(context, place.folder(), () -> this.config.fileDeleteDelayMs());
    this.truncation = new LogTruncation(this, context, place, recoveryMark, removal);
    this.compaction = new LogCompaction(this, context, place, removal, loaded.cleaned());
    place.abortedRebuild().segments(state.segments());
  }

  private static LogState initialState(LoadedLog loaded, long logStartOffset) {
    return new LogState(
        List.copyOf(loaded.segments()),
        Math.min(logStartOffset, loaded.logEndOffset()),
        loaded.logEndOffset(),
        loaded.segments().getLast().sizeBytes(),
        0);
  }

  public TopicIdPartition id() {
    return id;
  }

  /** The entry of {@code log.dirs} it lies in. */
  public Path logDirectory() {
    return place.logDirectory();
  }

  public LogConfig config() {
    return config;
  }

  public void configure(LogConfig newConfig) {
    config = newConfig;
  }

  public LogOffsets offsets() {
    return state.offsets();
  }

  public EpochLineage lineage() {
    return lineage;
  }

  /** Bytes of the batches on this disk. */
  public long sizeBytes() {
    LogState seen = state;
    long sizeBytes = 0;
    for (int i = 0; i < seen.segments().size(); i++) {
      sizeBytes += seen.sizeBytes(i);
    }
    return sizeBytes;
  }

  /** Everything below is durable. */
  public long recoveryPoint() {
    return flush.recoveryPoint();
  }

  /** Why nothing of this log can be used any more; null while it is online. */
  public @Nullable String offlineReason() {
    return context.offlineReason();
  }

  /** Takes the log offline for good, as for damage that somebody else found. */
  public void offline(String reason) {
    context.offline(reason);
  }

  // ---- writing: one appender at a time

  /** An empty plan on top of the log as it is now. */
  public AppendPlan plan(long nowMs) {
    return new AppendPlan(state, new ProducerPlan(producers), config, nowMs);
  }

  /**
   * Writes a plan's batches in one go, after closing the segment where that is due. All or nothing:
   * when it throws, the log is as before, or offline. The plan must be the first to be appended
   * since it was made, and is used up.
   *
   * @throws KafkaStorageException nothing was written, and nothing of the plan is remembered
   */
  public void append(AppendPlan plan) {
    context.checkOnline();
    if (plan.state().logEndOffset() != state.logEndOffset()
        || plan.state().truncations() != state.truncations()) {
      throw new IllegalStateException(
          "Planned at offset %d, the log ends at %d"
              .formatted(plan.state().logEndOffset(), state.logEndOffset()));
    }
    if (!plan.isEmpty()) {
      writer.append(plan);
    }
  }

  /** Notes that a leader epoch begins at the log end. */
  public void beginEpoch(int leaderEpoch) {
    lineage = lineage.begin(leaderEpoch, state.logEndOffset());
  }

  /**
   * Forgets epochs that were noted and wrote nothing: a former leader's own, when another leader
   * has begun a later one at the same offset.
   */
  public void forgetUnwrittenEpochs() {
    lineage = lineage.truncateFromEnd(state.logEndOffset());
  }

  /** Closes the active segment and begins the next; false when it is empty. */
  public boolean roll() {
    context.checkOnline();
    return writer.roll();
  }

  /**
   * Cuts the log to this end, or to the start of the batch that holds it; does nothing where the
   * log ends before. Below the local log start the log begins anew at the offset.
   */
  public void truncateTo(long offset) {
    context.checkOnline();
    truncation.truncateTo(offset);
  }

  /**
   * Empties the log and lets it begin at an offset, as stored elsewhere. The log start stays,
   * unless it would lie behind the offset.
   *
   * @param newLineage of what lies before the offset
   * @param producerSnapshot as {@link ClosedSegment#producerSnapshot}; null when there is none
   */
  public void truncateFullyAndStartAt(
      long offset, EpochLineage newLineage, @Nullable ByteBuffer producerSnapshot) {
    context.checkOnline();
    truncation.startAt(offset, newLineage, producerSnapshot);
  }

  /**
   * Moves the log start; a lower one than now changes nothing.
   *
   * @throws OffsetOutOfRangeException behind the log end
   */
  public void advanceLogStart(long offset) {
    context.checkOnline();
    LogState seen = state;
    if (offset > seen.logEndOffset()) {
      throw new OffsetOutOfRangeException(
          "Log start %d would lie behind the log end %d".formatted(offset, seen.logEndOffset()));
    }
    if (offset > seen.logStartOffset()) {
      state = seen.startingAt(offset);
      lineage = lineage.truncateFromStart(offset);
    }
  }

  /**
   * Deletes the closed segments that lie wholly below an offset from this disk; the log start does
   * not move. Their files go after {@code file.delete.delay.ms} and once nobody retains them.
   *
   * @return how many were deleted
   */
  public int deleteLocalSegmentsBelow(long offset) {
    context.checkOnline();
    return truncation.deleteSegmentsBelow(offset);
  }

  /** The log's cleaning, and how far it is clean. */
  public LogCompaction compaction() {
    return compaction;
  }

  /** Tells which transactions are decided for readers. */
  public void highWatermarkAdvanced(long newHighWatermark) {
    highWatermark = newHighWatermark;
    producers.highWatermarkAdvanced(newHighWatermark);
  }

  // ---- any thread

  /** Forces what is written so far to the disk and returns the recovery point. */
  public long flush() {
    context.checkOnline();
    return flush.flush(state.logEndOffset());
  }

  /** Forgets producers that have been idle. */
  public void expireProducers(long nowMs) {
    producers.expire(nowMs, context.producerIdExpirationMs());
    boundProducers();
  }

  /**
   * The batches from the one that holds an offset on, all of them below an end. Empty at the end,
   * and where the first batch is larger than {@code maxBytes} unless {@code atLeastOneBatch}. The
   * last batch may be cut short. The caller releases the slice.
   *
   * @throws OffsetOutOfRangeException below the local log start or behind the log end
   */
  public LogSlice read(
      long offset, int maxBytes, long upToOffsetExclusive, boolean atLeastOneBatch) {
    return look(seen -> {
      if (offset < seen.localLogStartOffset() || offset > seen.logEndOffset()) {
        throw new OffsetOutOfRangeException(
            "Offset %d of %s is outside [%d, %d]"
                .formatted(offset, id, seen.localLogStartOffset(), seen.logEndOffset()));
      }
      long end = Math.min(upToOffsetExclusive, seen.logEndOffset());
      return offset >= end
          ? MemorySlice.empty()
          : LogReader.read(seen, offset, maxBytes, end, atLeastOneBatch);
    });
  }

  /**
   * An offset behind all batches of a slice of this log, at most some kilobytes of batches further
   * on.
   */
  public long endOffsetOf(FileSlice slice) {
    return look(seen -> LogReader.endOffsetOf(seen, slice));
  }

  /** The segments that are no longer written, oldest first; each to be retained before use. */
  public List<ClosedSegment> closedSegments() {
    LogState seen = state;
    EpochLineage seenLineage = lineage;
    List<ClosedSegment> closed = new ArrayList<>();
    for (int i = 0; i + 1 < seen.segments().size(); i++) {
      long baseOffset = seen.segments().get(i).baseOffset();
      closed.add(
          new StoredSegment(
              seen,
              i,
              !config.compact() && !compaction.mayHaveGaps(),
              seenLineage.between(baseOffset, seen.nextOffset(i)).entries()));
    }
    return closed;
  }

  /**
   * A closed segment was found to be damaged: reads of it fail from now on, the rest of the log is
   * served. False when that was known.
   */
  public boolean damaged(ClosedSegment segment, String reason) {
    return ((StoredSegment) segment).segment().damaged(reason);
  }

  /** The segment being written, for closing it by age. */
  public ActiveSegment activeSegment() {
    return look(seen -> writer.activeSegment(seen));
  }

  /** The first record of this disk at or after a time, not below the log start, below an end. */
  public Optional<TimestampedOffset> offsetForTimestamp(
      long timestampMs, long upToOffsetExclusive) {
    return look(seen -> LogReader.offsetForTimestamp(seen, timestampMs, upToOffsetExclusive));
  }

  /** The first record of this disk with the largest timestamp; empty when none has one. */
  public Optional<TimestampedOffset> maxTimestamp() {
    return look(LogReader::maxTimestamp);
  }

  /**
   * The aborted transactions that a committed read of {@code [fromOffset, toOffset)} leaves out.
   */
  public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
    return look(seen -> LogReader.aborted(seen, fromOffset, toOffset));
  }

  public Collection<ProducerState> producers() {
    return producers.all();
  }

  /** First offset of the oldest undecided transaction; empty when there is none. */
  public OptionalLong firstUnstableOffset() {
    long offset = producers.firstUnstableOffset();
    return offset == ProducerTable.NO_OFFSET ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** The high watermark as noted before the last stop; empty when unknown. */
  public OptionalLong checkpointedHighWatermark() {
    return checkpointedHighWatermark;
  }

  /** The high watermark told last. */
  long highWatermark() {
    return highWatermark;
  }

  /** Looks something up in a state of the log. */
  @FunctionalInterface
  interface Lookup<T> {
    T in(LogState state) throws IOException;
  }

  /**
   * A look that fails because the log was cut, or segments were replaced, meanwhile is repeated;
   * else the log is offline. One that ends after the log was let go of counts for nothing: its
   * folder may be renamed by then and a new topic's log have its name, so a file opened during the
   * look may be the other's.
   */
  private <T> T look(Lookup<T> lookup) {
    while (true) {
      context.checkOnline();
      LogState seen = state;
      try {
        T found = lookup.in(seen);
        if (!context.isReleased()) {
          return found;
        }
        discard(found);
      } catch (CorruptRecordException | IOException e) {
        boolean isMoved = isChangedSince(seen, state);
        if (!isMoved) {
          throw context.readFailed(id, e);
        }
      }
    }
  }

  private void discard(Object found) {
    if (found instanceof LogSlice slice) {
      slice.release();
    }
    state.segments().forEach(Segment::forget);
  }

  private static boolean isChangedSince(LogState seen, LogState now) {
    return seen.truncations() != now.truncations() || !seen.segments().equals(now.segments());
  }

  // ---- for the parts that write

  LogState state() {
    return state;
  }

  /** What the log knows of its producers; to be looked at by any thread, changed by none. */
  public ProducerTable producerTable() {
    return producers;
  }

  LogFlush flusher() {
    return flush;
  }

  /** Publishes what an append or a roll made. */
  void publish(LogState newState, EpochLineage newLineage) {
    lineage = newLineage;
    state = newState;
  }

  /** Forgets producers where the node remembers too many, after this log's may have become more. */
  void boundProducers() {
    ProducerTable table = producers;
    int over = producerShare.over(table.size());
    if (over > 0) {
      producerShare.forgot(table.forgetOldest(over));
      producerShare.over(table.size());
    }
  }

  /** Publishes what a truncation left. */
  void publish(LogState newState, EpochLineage newLineage, ProducerTable newProducers) {
    newProducers.highWatermarkAdvanced(highWatermark);
    producers = newProducers;
    publish(newState, newLineage);
    boundProducers();
  }

  /** A truncation left another active segment. */
  void writerBegins() {
    writer.begun(context.time().milliseconds());
  }

  // ---- for a move to another directory

  /**
   * Where the local part of a log begins, and what is to be known of what lies before.
   *
   * @param producers a snapshot
   */
  record Beginning(long offset, EpochLineage lineage, ByteBuffer producers) {}

  Beginning beginning() throws IOException {
    while (true) {
      LogState seen = state;
      long offset = seen.localLogStartOffset();
      ProducerTable known = ProducerReplay.at(offset, seen.segments());
      if (state.localLogStartOffset() == offset) {
        return new Beginning(
            offset, lineage.truncateFromEnd(offset), ProducerSnapshot.encode(known.all()));
      }
      // Its snapshot went with old segments meanwhile.
    }
  }

  /** Notes, durably, that a copy in another directory is about to be the log. */
  void markMoving(Uuid directoryId) {
    try {
      place.make();
      new MoveMark(directoryId).write(context.disk(), place.folder());
    } catch (IOException e) {
      throw context.writeFailed("Marking that " + id + " moves", e);
    }
  }

  /** Nobody knows whether it has become the log. */
  KafkaStorageException moveFailed(IOException e) {
    return context.brokenBy("Moving " + id + " here", e);
  }

  /** This log holds what the other does, and is it from now on. */
  void takeOver(PartitionLog source) {
    config = source.config;
    highWatermark = source.highWatermark;
    producers = source.producers;
    publish(state.startingAt(source.state.logStartOffset()), source.lineage);
    boundProducers();
  }

  // ---- for the directory

  /** Whether it has a folder, which a log gets when it is first written to. */
  boolean hasFolder() {
    return place.isMade();
  }

  RecoveryMark recoveryMark() {
    return recoveryMark;
  }

  /** Closes the log cleanly and tells what a start can believe. */
  CleanLog closeCleanly() throws IOException {
    context.checkOnline();
    flush.flush(state.logEndOffset());
    CleanLog clean = writer.writeForCleanStart();
    close("it is closed");
    return clean;
  }

  /** Lets go of everything without writing. */
  void close(String why) {
    context.release(why);
    producerShare.close();
    flush.awaitIdle();
    state.segments().forEach(Segment::forget);
  }
}
