package io.tidemark.log.partition;

import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.producer.ProducerSnapshot;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.recovery.CleanLog;
import io.tidemark.log.segment.BatchWalker;
import io.tidemark.log.segment.OpenFile;
import io.tidemark.log.segment.Segment;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to the active segment of a log and rolls it. Used by the log's one appender; {@link
 * #activeSegment} is safe from any thread.
 */
final class LogWriter {
  private static final Logger log = LoggerFactory.getLogger(LogWriter.class);
  private static final long UNKNOWN = -1;

  private final PartitionLog partition;
  private final LogContext context;
  private final LogPlace place;

  /** Largest timestamp of the active segment's first batch; unknown until asked for. */
  private long firstTimestampMs = UNKNOWN;

  private long createdMs;

  /** Whether the files of a clean stop say what the log holds; only until it is written to. */
  private boolean isAsClosed;

  // Volatile because tiering asks on its own threads.
  private volatile long firstAppendMs = UNKNOWN;
  private volatile long lastAppendMs = UNKNOWN;

  LogWriter(PartitionLog partition, LogContext context, LogPlace place, boolean isAsClosed) {
    this.partition = partition;
    this.context = context;
    this.place = place;
    this.isAsClosed = isAsClosed;
    this.createdMs = context.time().milliseconds();
  }

  void append(AppendPlan plan) {
    makeFolder();
    if (plan.hasGap()) {
      expectGaps();
    }
    if (RollPolicy.mustRoll(active(), plan, partition.config())) {
      roll();
    }
    isAsClosed = false;
    Segment segment = partition.state().active();
    long positionBefore = segment.sizeBytes();
    write(segment, plan);
    EpochLineage lineage = partition.lineage();
    for (ByteBuffer batches : plan.buffers()) {
      segment.appended(batches, partition.config().indexIntervalBytes());
      lineage = extended(lineage, batches);
    }
    for (AbortedTransaction aborted : plan.producers().commit()) {
      segment.activeIndex().add(aborted);
    }
    noteTimes(plan, positionBefore);
    partition.publish(partition.state().appended(plan.nextOffset()), lineage);
    partition.boundProducers();
  }

  private void makeFolder() {
    try {
      place.make();
    } catch (IOException e) {
      throw context.writeFailed("Creating " + place.folder(), e);
    }
  }

  private void expectGaps() {
    try {
      partition.compaction().expectGaps();
    } catch (IOException e) {
      throw context.writeFailed("Noting that " + partition.id() + " has gaps", e);
    }
  }

  private void write(Segment segment, AppendPlan plan) {
    OpenFile file = open(segment);
    try {
      segment.write(file, plan.toWrite());
    } catch (IOException e) {
      throw cutBack(segment, file, e);
    } finally {
      file.release();
    }
  }

  private OpenFile open(Segment segment) {
    try {
      return segment.acquire();
    } catch (IOException e) {
      throw context.writeFailed("Opening " + segment, e);
    }
  }

  /** What was partly written must not stay: the next append would come to lie behind it. */
  private KafkaStorageException cutBack(Segment segment, OpenFile file, IOException e) {
    try {
      segment.cutBack(file);
    } catch (IOException cut) {
      e.addSuppressed(cut);
      return context.brokenBy("Writing, and cutting back, " + segment, e);
    }
    return context.writeFailed("Writing " + segment, e);
  }

  private static EpochLineage extended(EpochLineage before, ByteBuffer batches) {
    EpochLineage lineage = before;
    BatchCursor cursor = new BatchCursor(batches);
    while (cursor.next()) {
      lineage = lineage.begin(cursor.header().leaderEpoch(), cursor.header().baseOffset());
    }
    return lineage;
  }

  private void noteTimes(AppendPlan plan, long positionBefore) {
    if (positionBefore == 0) {
      BatchCursor cursor = new BatchCursor(plan.buffers().getFirst());
      firstTimestampMs = cursor.next() ? cursor.header().maxTimestamp() : UNKNOWN;
      firstAppendMs = plan.nowMs();
    }
    lastAppendMs = plan.nowMs();
  }

  private RollPolicy.Active active() {
    LogState state = partition.state();
    Segment segment = state.active();
    return new RollPolicy.Active(
        segment.baseOffset(),
        segment.sizeBytes(),
        segment.activeIndex().isFull(partition.config().segmentIndexBytes()),
        firstTimestampMs(segment),
        createdMs,
        31 * partition.id().hashCode() + Long.hashCode(segment.baseOffset()));
  }

  private long firstTimestampMs(Segment segment) {
    if (firstTimestampMs == UNKNOWN && segment.sizeBytes() > 0) {
      firstTimestampMs = readFirstTimestampMs(segment);
    }
    return firstTimestampMs;
  }

  private long readFirstTimestampMs(Segment segment) {
    try {
      OpenFile file = segment.acquire();
      try {
        BatchWalker walker = new BatchWalker(file.file(), 0, segment.sizeBytes());
        return walker.next() ? walker.header().maxTimestamp() : UNKNOWN;
      } finally {
        file.release();
      }
    } catch (IOException | CorruptRecordException e) {
      throw context.readFailed(segment, e);
    }
  }

  /**
   * Closes the active segment. Nothing changes in memory before everything is written; a crash
   * between any two writes leaves files that the next start makes again (indexes, snapshot) or
   * takes as they are (an empty segment).
   */
  boolean roll() {
    LogState state = partition.state();
    Segment closing = state.active();
    if (closing.sizeBytes() == 0) {
      return false;
    }
    Segment next;
    try {
      writeSnapshot(state.logEndOffset());
      closing.writeActiveIndex();
      next =
          Segment.create(
              context.store(), place.folder(), state.logEndOffset(), place.abortedRebuild());
    } catch (IOException e) {
      throw context.writeFailed("Rolling " + closing, e);
    }
    List<Segment> segments = new ArrayList<>(state.segments());
    segments.add(next);
    List<Segment> published = List.copyOf(segments);
    place.abortedRebuild().segments(published);
    partition.publish(state.withSegments(published), partition.lineage());
    closing.close();
    partition.flusher().namesChanged();
    begun(context.time().milliseconds());
    flushLater(state.logEndOffset());
    return true;
  }

  /** The log has a new active segment. */
  void begun(long nowMs) {
    isAsClosed = false;
    firstTimestampMs = UNKNOWN;
    firstAppendMs = UNKNOWN;
    lastAppendMs = UNKNOWN;
    createdMs = nowMs;
  }

  private void writeSnapshot(long offset) throws IOException {
    context
        .disk()
        .write(
            SegmentFiles.snapshot(place.folder(), offset),
            ProducerSnapshot.encode(partition.producerTable().all()));
  }

  /** Closed segments become durable in the background, so that little is read after a crash. */
  private void flushLater(long endOffset) {
    try {
      context.bulk(() -> flushQuietly(endOffset));
    } catch (RejectedExecutionException e) {
      log.debug("Stopping: {} is flushed when it closes", partition.id());
    }
  }

  private void flushQuietly(long endOffset) {
    try {
      // A truncation may have come first: no further than the log goes.
      if (endOffset <= partition.state().active().baseOffset()) {
        partition.flusher().flush(endOffset);
      }
    } catch (KafkaStorageException e) {
      log.warn("{}", e.getMessage());
    }
  }

  ActiveSegment activeSegment(LogState state) throws IOException {
    Segment segment = state.active();
    long sizeBytes = state.activeSizeBytes();
    long first = firstAppendMs;
    long last = lastAppendMs;
    if (sizeBytes > 0 && (first == UNKNOWN || last == UNKNOWN)) {
      // Written before this process began.
      long modifiedMs = context.disk().lastModifiedMs(segment.file());
      first = first == UNKNOWN ? modifiedMs : first;
      last = last == UNKNOWN ? modifiedMs : last;
    }
    return new ActiveSegment(
        segment.baseOffset(), sizeBytes, first, last, segment.index().maxTimestampMs());
  }

  /** What a start after a clean stop needs. */
  CleanLog writeForCleanStart() throws IOException {
    LogState state = partition.state();
    int producers = partition.producerTable().all().size();
    if (producers > 0 && !isAsClosed) {
      writeSnapshot(state.logEndOffset());
    }
    if (state.activeSizeBytes() > 0 && !isAsClosed) {
      state.active().writeActiveIndex();
    }
    partition.flusher().storeLineage();
    return new CleanLog(
        state.logEndOffset(),
        state.active().baseOffset(),
        state.segments().size(),
        partition.sizeBytes(),
        producers);
  }
}
