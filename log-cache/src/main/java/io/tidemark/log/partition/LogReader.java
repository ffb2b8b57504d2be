package io.tidemark.log.partition;

import io.tidemark.log.index.IndexKind;
import io.tidemark.log.index.SegmentIndex;
import io.tidemark.log.index.TransactionIndexEntries;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.record.LogRecord;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.Records;
import io.tidemark.log.segment.BatchWalker;
import io.tidemark.log.segment.OpenFile;
import io.tidemark.log.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/** Looks things up in one state of a log. Stateless; safe from any thread. */
final class LogReader {
  private LogReader() {}

  /** The batches from the one with this offset on, below an end, within a size. */
  static LogSlice read(
      LogState state, long offset, int maxBytes, long endOffset, boolean atLeastOneBatch)
      throws IOException {
    for (int i = state.indexOf(offset); i < state.segments().size(); i++) {
      if (state.segments().get(i).baseOffset() >= endOffset) {
        break;
      }
      LogSlice slice = readSegment(state, i, offset, maxBytes, endOffset, atLeastOneBatch);
      if (slice != null) {
        return slice;
      }
    }
    return MemorySlice.empty();
  }

  /** Null when the segment has nothing at or behind the offset. */
  private static @Nullable LogSlice readSegment(
      LogState state, int i, long offset, int maxBytes, long endOffset, boolean atLeastOneBatch)
      throws IOException {
    Segment segment = state.segments().get(i);
    checkSound(segment);
    OpenFile file = segment.acquire();
    boolean isHandedOver = false;
    try {
      BatchWalker first = seek(segment, file, offset, state.sizeBytes(i));
      if (first == null) {
        return null;
      }
      long position = first.position();
      int firstBytes = first.header().sizeBytes();
      long end =
          state.nextOffset(i) <= endOffset
              ? state.sizeBytes(i)
              : positionOf(segment, file, endOffset, state.sizeBytes(i));
      long sizeBytes = Math.min(end - position, maxBytes);
      if (sizeBytes < firstBytes) {
        sizeBytes = atLeastOneBatch && firstBytes <= end - position ? firstBytes : 0;
      }
      if (sizeBytes <= 0) {
        return MemorySlice.empty();
      }
      isHandedOver = true;
      return new FileSlice(file, segment.baseOffset(), position, (int) sizeBytes);
    } finally {
      if (!isHandedOver) {
        file.release();
      }
    }
  }

  /**
   * The first batch that the segment's index knows of at or behind the slice's end begins there.
   */
  static long endOffsetOf(LogState state, FileSlice slice) throws IOException {
    int i = state.indexOf(slice.segmentBaseOffset());
    Segment segment = state.segments().get(i);
    if (segment.baseOffset() != slice.segmentBaseOffset()) {
      // Dropped since it was read; nothing beyond the segments left was read.
      return state.logEndOffset();
    }
    int relative = segment.index().ceilingOffset(slice.position() + slice.sizeBytes());
    return relative < 0 ? state.nextOffset(i) : segment.baseOffset() + relative;
  }

  /** Damaged bytes would leave unread: whoever wants them is told instead. */
  private static void checkSound(Segment segment) {
    String damage = segment.damage();
    if (damage != null) {
      throw new KafkaStorageException("%s is damaged: %s".formatted(segment, damage));
    }
  }

  /** Stands at the batch that holds the offset, or the next one; null when there is none. */
  static @Nullable BatchWalker seek(Segment segment, OpenFile file, long offset, long sizeBytes)
      throws IOException {
    long start = segment.index().floorPosition(offset - segment.baseOffset());
    BatchWalker walker = new BatchWalker(file.file(), start, sizeBytes);
    while (walker.next()) {
      if (walker.header().lastOffset() >= offset) {
        return walker;
      }
    }
    return null;
  }

  /**
   * Where the batch that holds the offset, or the next one, begins; the size when there is none.
   */
  static long positionOf(Segment segment, OpenFile file, long offset, long sizeBytes)
      throws IOException {
    BatchWalker walker = seek(segment, file, offset, sizeBytes);
    return walker == null ? sizeBytes : walker.position();
  }

  /** The first record at or after a time, in {@code [log start, endOffset)}. */
  static Optional<TimestampedOffset> offsetForTimestamp(
      LogState state, long timestampMs, long endOffset) throws IOException {
    for (int i = 0; i < state.segments().size(); i++) {
      SegmentIndex index = state.segments().get(i).index();
      if (index.maxTimestampMs() >= timestampMs
          && state.nextOffset(i) > state.logStartOffset()
          && state.segments().get(i).baseOffset() < endOffset) {
        TimestampedOffset found =
            find(
                state,
                i,
                index.floorOffset(timestampMs),
                batch -> batch.maxTimestamp() >= timestampMs,
                record ->
                    record.timestampMs() >= timestampMs
                        && record.offset() >= state.logStartOffset());
        if (found != null) {
          return found.offset() < endOffset ? Optional.of(found) : Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** The first record that has the largest timestamp of the log. */
  static Optional<TimestampedOffset> maxTimestamp(LogState state) throws IOException {
    int best = -1;
    long maxMs = RecordBatchHeader.NO_TIMESTAMP;
    for (int i = 0; i < state.segments().size(); i++) {
      long segmentMaxMs = state.segments().get(i).index().maxTimestampMs();
      if (segmentMaxMs > maxMs) {
        best = i;
        maxMs = segmentMaxMs;
      }
    }
    if (best < 0) {
      return Optional.empty();
    }
    long wantedMs = maxMs;
    int from = state.segments().get(best).index().maxTimestampOffset();
    return Optional.ofNullable(
        find(
            state,
            best,
            from,
            batch -> batch.maxTimestamp() >= wantedMs,
            record -> record.timestampMs() >= wantedMs));
  }

  private static @Nullable TimestampedOffset find(
      LogState state,
      int segmentAt,
      int fromRelativeOffset,
      Predicate<RecordBatchHeader> batches,
      Predicate<LogRecord> records)
      throws IOException {
    Segment segment = state.segments().get(segmentAt);
    OpenFile file = segment.acquire();
    try {
      long from = segment.baseOffset() + fromRelativeOffset;
      BatchWalker walker = seek(segment, file, from, state.sizeBytes(segmentAt));
      if (walker == null) {
        return null;
      }
      do {
        TimestampedOffset found = batches.test(walker.header()) ? find(walker, records) : null;
        if (found != null) {
          return found;
        }
      } while (walker.next());
      return null;
    } finally {
      file.release();
    }
  }

  private static @Nullable TimestampedOffset find(BatchWalker walker, Predicate<LogRecord> records)
      throws IOException {
    ByteBuffer batch = walker.readBatch();
    @Nullable TimestampedOffset[] found = new TimestampedOffset[1];
    Records.visit(
        batch,
        (header, record) -> {
          if (records.test(record)) {
            found[0] =
                new TimestampedOffset(record.offset(), record.timestampMs(), header.leaderEpoch());
          }
          return found[0] == null;
        });
    return found[0];
  }

  /** The aborted transactions that a reader of {@code [fromOffset, toOffset)} has to leave out. */
  static List<AbortedTransaction> aborted(LogState state, long fromOffset, long toOffset)
      throws IOException {
    List<AbortedTransaction> found = new ArrayList<>();
    for (int i = state.indexOf(fromOffset); i < state.segments().size(); i++) {
      ByteBuffer entries = state.segments().get(i).index().entries(IndexKind.TRANSACTION);
      for (AbortedTransaction transaction : TransactionIndexEntries.all(entries)) {
        if (transaction.lastOffset() >= fromOffset && transaction.firstOffset() < toOffset) {
          found.add(transaction);
        }
        if (transaction.lastStableOffset() >= toOffset) {
          return found;
        }
      }
    }
    return found;
  }
}
