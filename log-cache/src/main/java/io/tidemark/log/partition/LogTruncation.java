package io.tidemark.log.partition;

import io.tidemark.log.disk.ShortageException;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.index.ActiveIndex;
import io.tidemark.log.index.IndexKind;
import io.tidemark.log.index.TransactionIndexEntries;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.producer.ProducerSnapshot;
import io.tidemark.log.producer.ProducerTable;
import io.tidemark.log.recovery.ProducerReplay;
import io.tidemark.log.recovery.TruncationMark;
import io.tidemark.log.segment.BatchWalker;
import io.tidemark.log.segment.IndexRebuild;
import io.tidemark.log.segment.OpenFile;
import io.tidemark.log.segment.Segment;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches away from a log: from its end, all of them, or old segments from its start. Files
 * are renamed and removed later, for readers that still have them. Used by the log's one appender.
 */
final class LogTruncation {
  private final PartitionLog partition;
  private final LogContext context;
  private final LogPlace place;
  private final RecoveryMark mark;
  private final SegmentRemoval removal;

  LogTruncation(
      PartitionLog partition,
      LogContext context,
      LogPlace place,
      RecoveryMark mark,
      SegmentRemoval removal) {
    this.partition = partition;
    this.context = context;
    this.place = place;
    this.mark = mark;
    this.removal = removal;
  }

  void truncateTo(long offset) {
    LogState state = partition.state();
    if (offset >= state.logEndOffset()) {
      return;
    }
    if (offset < state.localLogStartOffset()) {
      startAt(offset, partition.lineage().truncateFromEnd(offset), null);
      return;
    }
    try {
      place.make();
      int at = state.indexOf(offset);
      CutPoint point = cutPoint(state.segments().get(at), offset, state.sizeBytes(at));
      partition.flusher().cutting(point.offset(), () -> cut(state, at, point));
    } catch (IOException | CorruptRecordException e) {
      throw failed(e);
    }
  }

  /** What a truncation writes before it changes anything; without room for it the log stays. */
  private void prepared(LogFlush.Cut preparation) throws IOException {
    try {
      preparation.run();
    } catch (ShortageException e) {
      throw context.writeFailed("Preparing to truncate " + partition.id(), e);
    }
  }

  private RuntimeException failed(Exception e) {
    return e instanceof IOException io
        ? context.brokenBy("Truncating " + partition.id(), io)
        : context.readFailed(partition.id(), e);
  }

  /** From the last segment to the first, so that a crash in between leaves no gap. */
  private void cut(LogState state, int at, CutPoint point) throws IOException {
    prepared(() -> {
      partition.compaction().cutTo(point.offset());
      mark.cutting(point.offset());
    });
    Segment segment = state.segments().get(at);
    ActiveIndex index = indexUpTo(segment, point);
    for (int i = state.segments().size() - 1; i > at; i--) {
      removal.drop(state.segments().get(i));
    }
    segment.truncate(point.position(), index);
    // Else what was cut could come back after a crash, behind batches that took its place.
    segment.force();
    context.disk().syncDirectory(place.folder());
    removal.dropSnapshots(snapshot -> snapshot > point.offset());
    List<Segment> left = List.copyOf(state.segments().subList(0, at + 1));
    ProducerTable producers = ProducerReplay.at(point.offset(), left);
    publish(
        state.truncated(left, Math.min(state.logStartOffset(), point.offset()), point.offset()),
        partition.lineage().truncateFromEnd(point.offset()),
        producers);
  }

  /** Where the first batch to go begins. */
  private record CutPoint(long position, long offset) {}

  private static CutPoint cutPoint(Segment segment, long offset, long sizeBytes)
      throws IOException {
    OpenFile file = segment.acquire();
    try {
      BatchWalker walker = LogReader.seek(segment, file, offset, sizeBytes);
      return walker == null
          ? new CutPoint(sizeBytes, offset)
          : new CutPoint(walker.position(), Math.min(offset, walker.header().baseOffset()));
    } finally {
      file.release();
    }
  }

  private ActiveIndex indexUpTo(Segment segment, CutPoint point) throws IOException {
    ByteBuffer entries = segment.index().entries(IndexKind.TRANSACTION);
    List<AbortedTransaction> aborted =
        TransactionIndexEntries.all(entries).stream()
            .filter(transaction -> transaction.lastOffset() < point.offset())
            .toList();
    return IndexRebuild.rebuild(
        segment, point.position(), partition.config().indexIntervalBytes(), aborted);
  }

  private void publish(LogState state, EpochLineage lineage, ProducerTable producers) {
    place.abortedRebuild().segments(state.segments());
    partition.publish(state, lineage, producers);
    partition.flusher().namesChanged();
    partition.writerBegins();
  }

  void startAt(long offset, EpochLineage lineage, @Nullable ByteBuffer producerSnapshot) {
    if (offset < partition.state().logEndOffset()
        && offset >= partition.state().localLogStartOffset()) {
      truncateTo(offset);
    }
    LogState state = partition.state();
    try {
      place.make();
      partition.flusher().cutting(offset, () -> restart(state, offset, lineage, producerSnapshot));
    } catch (IOException | CorruptRecordException e) {
      throw failed(e);
    }
  }

  /** All segments lie below the offset, all lie above it, or one is empty and begins at it. */
  private void restart(
      LogState state, long offset, EpochLineage lineage, @Nullable ByteBuffer producerSnapshot)
      throws IOException {
    if (state.localLogStartOffset() > offset) {
      // Higher segments would pass for the log's after a crash: they go before the mark is set.
      prepared(() -> mark.cutting(offset));
      dropAll(state);
    }
    Path snapshot = SegmentFiles.snapshot(place.folder(), offset);
    removal.dropSnapshots(other -> other >= offset);
    LogFlush.Cut preparation =
        () -> {
          if (producerSnapshot != null) {
            context.disk().writeAtomically(snapshot, producerSnapshot.duplicate());
          }
          partition.compaction().cutTo(offset);
          mark.write(new TruncationMark.Start(offset, lineage));
        };
    if (state.localLogStartOffset() > offset) {
      preparation.run();
    } else {
      prepared(preparation);
    }
    if (state.localLogStartOffset() <= offset) {
      dropAll(state);
    }
    removal.dropSnapshots(other -> other < offset);
    Segment first = Segment.create(context.store(), place.folder(), offset, place.abortedRebuild());
    context.disk().syncDirectory(place.folder());
    ProducerTable producers = ProducerReplay.read(context.disk(), place.folder(), offset);
    publish(
        state.truncated(List.of(first), Math.min(state.logStartOffset(), offset), offset),
        lineage,
        producers == null ? new ProducerTable() : producers);
  }

  private void dropAll(LogState state) throws IOException {
    for (Segment segment : state.segments().reversed()) {
      removal.drop(segment);
    }
  }

  int deleteSegmentsBelow(long offset) {
    LogState state = partition.state();
    int count = 0;
    while (count + 1 < state.segments().size() && state.nextOffset(count) <= offset) {
      count++;
    }
    if (count == 0) {
      return 0;
    }
    List<Segment> left = List.copyOf(state.segments().subList(count, state.segments().size()));
    keepSnapshot(state, left.getFirst().baseOffset());
    // Readers look at what is left before the first file gets another name.
    place.abortedRebuild().segments(left);
    partition.publish(state.withSegments(left), partition.lineage());
    try {
      for (Segment segment : state.segments().subList(0, count)) {
        removal.drop(segment);
      }
      removal.dropSnapshots(snapshot -> snapshot < left.getFirst().baseOffset());
    } catch (IOException e) {
      throw context.brokenBy("Deleting segments of " + partition.id(), e);
    }
    partition.flusher().namesChanged();
    return count;
  }

  /** What goes may be all that tells of the producers before the new start. */
  private void keepSnapshot(LogState state, long offset) {
    try {
      if (ProducerReplay.read(context.disk(), place.folder(), offset) == null) {
        ProducerTable producers = ProducerReplay.at(offset, state.segments());
        context
            .disk()
            .writeAtomically(
                SegmentFiles.snapshot(place.folder(), offset),
                ProducerSnapshot.encode(producers.all()));
      }
    } catch (IOException | CorruptRecordException e) {
      throw e instanceof IOException io
          ? context.writeFailed("Writing a snapshot of " + partition.id(), io)
          : context.readFailed(partition.id(), e);
    }
  }
}
