package io.tidemark.log.recovery;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.disk.ShortageException;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.index.ActiveIndex;
import io.tidemark.log.producer.ProducerSnapshot;
import io.tidemark.log.producer.ProducerTable;
import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.segment.BatchScanner;
import io.tidemark.log.segment.BatchWalker;
import io.tidemark.log.segment.OpenFile;
import io.tidemark.log.segment.Segment;
import io.tidemark.log.segment.SegmentFiles;
import io.tidemark.log.segment.SegmentStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a log from its recovery point after a crash: checks every batch, makes indexes, lineage and
 * producers anew, cuts what is torn. What may be cut, and what means that durable batches are lost:
 *
 * <pre>
 *                               below the      above it,            above it,
 *                               recovery point  machine ran on      machine went down
 *  last segment, tail torn      offline         cut                 cut
 *  last segment, damage inside  offline         offline             cut
 *  closed segment damaged       offline         offline             cut, later segments dropped
 *  gap between two segments     offline         offline             later segments dropped
 * </pre>
 *
 * <p>Good for one scan, on one thread.
 */
final class LogScan {
  private static final Logger log = LoggerFactory.getLogger(LogScan.class);

  private final Disk disk;
  private final Path folder;
  private final LoadRequest request;
  private final List<Segment> segments;
  private final NavigableSet<Long> snapshots;
  private final CleanedMark cleaned;
  private final boolean mayHaveGaps;

  /** As stored: of what may be gone, and perhaps of what was there before the log began anew. */
  private final EpochLineage stored;

  private EpochLineage lineage;
  private ProducerTable producers = new ProducerTable();

  LogScan(
      SegmentStore store,
      LoadRequest request,
      List<Segment> segments,
      NavigableSet<Long> snapshots,
      EpochLineage lineage,
      EpochLineage stored,
      CleanedMark cleaned) {
    this.disk = store.disk();
    this.folder = request.folder();
    this.request = request;
    this.segments = segments;
    this.snapshots = snapshots;
    this.stored = stored;
    this.lineage = lineage;
    this.cleaned = cleaned;
    this.mayHaveGaps = request.config().compact() || cleaned.mayHaveGaps();
  }

  LoadedLog scan(long recoveryPoint, @Nullable EpochLineage storedLineage, boolean isMarked)
      throws IOException, CorruptLogException {
    int first = segmentOf(recoveryPoint);
    checkChain(first);
    long scanFrom = segments.get(first).baseOffset();
    dropSnapshotsAbove(scanFrom);
    lineage = lineage.truncateFromEnd(scanFrom);
    producers = ProducerReplay.at(scanFrom, segments.subList(0, first + 1));
    if (ProducerReplay.read(disk, folder, scanFrom) == null) {
      writeSnapshot(scanFrom);
    }
    long end = scanSegments(first, recoveryPoint);
    if (end < recoveryPoint) {
      throw new CorruptLogException(
          "The log was durable up to offset %d and ends at %d".formatted(recoveryPoint, end));
    }
    return new LoadedLog(
        segments, producers, lineage, end, recoveryPoint, storedLineage, false, cleaned, isMarked);
  }

  private int segmentOf(long offset) {
    int at = 0;
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i).baseOffset() <= offset) {
        at = i;
      }
    }
    return at;
  }

  /** Closed segments below the recovery point are not read again, but none may be missing. */
  private void checkChain(int first) throws IOException, CorruptLogException {
    for (int i = 0; i < first; i++) {
      long next = segments.get(i + 1).baseOffset();
      long end = endOffset(segments.get(i));
      if (end != next && !mayHaveGaps) {
        throw new CorruptLogException(
            "%s ends at offset %d, the next segment begins at %d"
                .formatted(segments.get(i), end, next));
      }
    }
  }

  private static long endOffset(Segment segment) throws IOException {
    long end = segment.baseOffset();
    OpenFile file = segment.acquire();
    try {
      long start = segment.index().floorPosition(Long.MAX_VALUE);
      BatchWalker walker = new BatchWalker(file.file(), start, segment.sizeBytes());
      while (walker.next()) {
        end = walker.header().nextOffset();
      }
      return end;
    } finally {
      file.release();
    }
  }

  private void dropSnapshotsAbove(long offset) throws IOException {
    for (long snapshot : snapshots.tailSet(offset, false)) {
      disk.delete(SegmentFiles.snapshot(folder, snapshot));
    }
  }

  private long scanSegments(int first, long recoveryPoint) throws IOException, CorruptLogException {
    for (int i = first; ; i++) {
      Segment segment = segments.get(i);
      boolean isLast = i == segments.size() - 1;
      ActiveIndex index = new ActiveIndex();
      BatchScanner.End end = scan(segment, index);
      String wrong = isLast ? end.reason() : wrongBeforeNext(end, segments.get(i + 1));
      if (wrong != null) {
        mayCut(segment, end, wrong, isLast, recoveryPoint);
        cut(i, end, index, wrong);
        return end.nextOffset();
      }
      segment.activate(index);
      if (isLast) {
        return end.nextOffset();
      }
      writeIndex(segment);
      segment.close();
      writeSnapshot(segments.get(i + 1).baseOffset());
    }
  }

  private @Nullable String wrongBeforeNext(BatchScanner.End end, Segment next) {
    if (end.reason() != null) {
      return end.reason();
    }
    return end.nextOffset() == next.baseOffset() || mayHaveGaps
        ? null
        : "it ends at offset %d, the next segment begins at %d"
            .formatted(end.nextOffset(), next.baseOffset());
  }

  private BatchScanner.End scan(Segment segment, ActiveIndex index) throws IOException {
    OpenFile file = segment.acquire();
    try {
      BatchScanner scanner = new BatchScanner(file.file(), !mayHaveGaps);
      return scanner.scan(
          0,
          segment.sizeBytes(),
          segment.baseOffset(),
          (buffer, header, position) -> fold(segment, index, buffer, header, position));
    } finally {
      file.release();
    }
  }

  private void fold(
      Segment segment,
      ActiveIndex index,
      ByteBuffer buffer,
      RecordBatchHeader header,
      long position) {
    segment.index(index, header, position, request.config().indexIntervalBytes());
    beginEpochOf(header);
    if (header.hasProducerId()) {
      TransactionMarker marker = header.isControl() ? ControlBatches.marker(buffer, header) : null;
      ProducerReplay.from(producers).fold(header, marker).forEach(index::add);
    }
  }

  /**
   * An epoch begins where its first batch does, or where the stored lineage has it begin: segments
   * at the log's start, with that batch, may be gone since. What is stored counts where it names
   * the epoch that the batch has, for an epoch has one leader, and so one history up to there.
   */
  private void beginEpochOf(RecordBatchHeader header) {
    int epoch = header.leaderEpoch();
    if (lineage.latestEpoch().orElse(-1) >= epoch) {
      return;
    }
    if (stored.epochOf(header.baseOffset()).orElse(-1) == epoch) {
      stored.entries().stream()
          .filter(entry -> entry.startOffset() <= header.baseOffset())
          .forEach(entry -> lineage = lineage.begin(entry.epoch(), entry.startOffset()));
    }
    lineage = lineage.begin(epoch, header.baseOffset());
  }

  private void mayCut(
      Segment segment, BatchScanner.End end, String wrong, boolean isLast, long recoveryPoint)
      throws IOException, CorruptLogException {
    boolean isTail = isLast && !batchFollows(segment, end);
    if (end.nextOffset() < recoveryPoint || (request.isPageCacheWhole() && !isTail)) {
      throw new CorruptLogException(
          "%s is damaged at position %d, offset %d: %s"
              .formatted(segment, end.position(), end.nextOffset(), wrong));
    }
  }

  /** Whether a whole batch lies behind the bad one, so that it is damage and not a torn tail. */
  private static boolean batchFollows(Segment segment, BatchScanner.End end) throws IOException {
    OpenFile file = segment.acquire();
    try {
      ByteBuffer bytes = ByteBuffer.allocate(RecordBatchHeader.SIZE_BYTES);
      if (file.file().read(bytes, end.position()) < RecordBatchHeader.SIZE_BYTES) {
        return false;
      }
      RecordBatchHeader bad = new RecordBatchHeader().wrap(bytes.flip(), 0);
      long behind = end.position() + bad.sizeBytes();
      if (!bad.isPlausible() || behind >= segment.sizeBytes()) {
        return false;
      }
      int[] valid = new int[1];
      new BatchScanner(file.file(), false)
          .scan(
              behind,
              segment.sizeBytes(),
              end.nextOffset(),
              (buffer, header, position) -> valid[0]++);
      return valid[0] > 0;
    } finally {
      file.release();
    }
  }

  private void cut(int at, BatchScanner.End end, ActiveIndex index, String wrong)
      throws IOException {
    Segment segment = segments.get(at);
    log.warn(
        "Cutting {} from {} to {} bytes, offset {}, and {} segments behind it: {}",
        segment,
        segment.sizeBytes(),
        end.position(),
        end.nextOffset(),
        segments.size() - 1 - at,
        wrong);
    // From the last to the first, so that a crash in between leaves no gap.
    while (segments.size() > at + 1) {
      Segment dropped = segments.removeLast();
      dropped.forget();
      disk.delete(dropped.file());
    }
    segment.truncate(end.position(), index);
    segment.force();
    disk.syncDirectory(folder);
  }

  /** On a full disk the log does without: whoever needs the index makes it again. */
  private void writeIndex(Segment segment) throws IOException {
    try {
      segment.writeActiveIndex();
    } catch (ShortageException e) {
      log.warn("The indexes of {} could not be written: {}", segment, e.getMessage());
    }
  }

  /** On a full disk the log does without: the producers are made from an older one, or anew. */
  private void writeSnapshot(long offset) throws IOException {
    Path file = SegmentFiles.snapshot(folder, offset);
    try {
      disk.writeAtomically(file, ProducerSnapshot.encode(producers.all()));
    } catch (ShortageException e) {
      log.warn("{} could not be written: {}", file, e.getMessage());
    }
  }
}
