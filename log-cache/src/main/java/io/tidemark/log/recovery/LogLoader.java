package io.tidemark.log.recovery;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.epoch.EpochCheckpoint;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.index.ActiveIndex;
import io.tidemark.log.index.SegmentIndexes;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.producer.ProducerTable;
import io.tidemark.log.segment.BatchWalker;
import io.tidemark.log.segment.IndexRebuild;
import io.tidemark.log.segment.OpenFile;
import io.tidemark.log.segment.Segment;
import io.tidemark.log.segment.SegmentFiles;
import io.tidemark.log.segment.SegmentStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a log's folder holds. After a clean stop it believes what was noted, once the
 * folder looks the same; otherwise {@link LogScan} reads the log from its recovery point. Either
 * way nothing that was durable may be missing: the log stays offline then. Good for one load, on
 * one thread.
 */
public final class LogLoader {
  private final SegmentStore store;
  private final LoadRequest request;
  private final Disk disk;
  private final Path folder;
  private final AbortedRebuild abortedRebuild;
  private boolean isMarked;
  private CleanedMark cleaned = CleanedMark.NEVER;
  private @Nullable EpochLineage storedLineage;

  public LogLoader(SegmentStore store, LoadRequest request, AbortedRebuild abortedRebuild) {
    this.store = store;
    this.abortedRebuild = abortedRebuild;
    this.request = request;
    this.disk = store.disk();
    this.folder = request.folder();
  }

  /**
   * Loads the log; a torn tail is cut, left-overs are removed.
   *
   * @throws CorruptLogException durable batches are missing or damaged
   * @throws IOException the folder cannot be read or written
   */
  public LoadedLog load() throws IOException, CorruptLogException {
    try {
      return loadFolder();
    } catch (CorruptRecordException e) {
      throw new CorruptLogException(String.valueOf(e.getMessage()));
    }
  }

  /** A log that begins at an offset with a segment whose file has yet to be created. */
  public static LoadedLog unmade(Segment first) {
    long start = first.baseOffset();
    return new LoadedLog(
        List.of(first),
        new ProducerTable(),
        EpochLineage.EMPTY,
        start,
        start,
        EpochLineage.EMPTY,
        true,
        CleanedMark.NEVER,
        false);
  }

  private LoadedLog loadFolder() throws IOException, CorruptLogException {
    LogFolder found = LogFolder.list(disk, folder);
    if (found.others().contains(SegmentFiles.CLEANED_MARK)) {
      cleaned = CleanedMark.read(disk, folder);
    }
    TruncationMark mark = TruncationMark.read(disk, folder);
    isMarked = mark != null;
    if (mark instanceof TruncationMark.Start start) {
      removeBelow(found, start.offset());
      if (found.segments().isEmpty()) {
        return begin(start.offset(), start.lineage());
      }
    }
    if (found.segments().isEmpty()) {
      return beginEmpty();
    }
    List<Segment> segments = open(found);
    CleanLog clean = request.clean();
    if (clean != null && looksLike(clean, segments)) {
      return trusted(segments, clean);
    }
    return recovered(found, segments, mark);
  }

  private LoadedLog beginEmpty() throws IOException, CorruptLogException {
    long durable = Math.max(request.recoveryPoint(), cleanEnd());
    if (durable > request.logStartOffset()) {
      throw new CorruptLogException(
          "The log ended at offset " + durable + ", its segments are gone");
    }
    // A missing file and an empty lineage are the same for a log without batches.
    storedLineage = EpochLineage.EMPTY;
    return begin(request.logStartOffset(), EpochLineage.EMPTY);
  }

  private LoadedLog begin(long offset, EpochLineage lineage) throws IOException {
    Segment segment = Segment.create(store, folder, offset, abortedRebuild);
    disk.syncDirectory(folder);
    ProducerTable producers = ProducerReplay.read(disk, folder, offset);
    return new LoadedLog(
        List.of(segment),
        producers == null ? new ProducerTable() : producers,
        lineage,
        offset,
        offset,
        storedLineage,
        false,
        cleaned,
        isMarked);
  }

  private List<Segment> open(LogFolder found) throws IOException {
    List<Segment> segments = new ArrayList<>();
    for (long baseOffset : found.segments()) {
      long sizeBytes = disk.sizeBytes(SegmentFiles.log(folder, baseOffset));
      segments.add(new Segment(store, folder, baseOffset, sizeBytes, abortedRebuild));
    }
    abortedRebuild.segments(List.copyOf(segments));
    return segments;
  }

  private static boolean looksLike(CleanLog clean, List<Segment> segments) {
    long sizeBytes = segments.stream().mapToLong(Segment::sizeBytes).sum();
    return clean.segments() == segments.size()
        && clean.activeBaseOffset() == segments.getLast().baseOffset()
        && clean.sizeBytes() == sizeBytes;
  }

  private LoadedLog trusted(List<Segment> segments, CleanLog clean) throws IOException {
    Segment active = segments.getLast();
    SegmentIndexes written = active.sizeBytes() == 0 ? null : IndexRebuild.load(active);
    active.activate(
        written == null
            ? IndexRebuild.rebuild(
                active, active.sizeBytes(), request.config().indexIntervalBytes(), aborted(active))
            : ActiveIndex.resume(written));
    EpochLineage lineage = lineage(segments).truncateFromEnd(clean.logEndOffset());
    ProducerTable producers =
        clean.producers() == 0
            ? new ProducerTable()
            : ProducerReplay.at(clean.logEndOffset(), segments);
    return new LoadedLog(
        segments,
        producers,
        lineage,
        clean.logEndOffset(),
        clean.logEndOffset(),
        storedLineage,
        written != null || active.sizeBytes() == 0,
        cleaned,
        isMarked);
  }

  private List<AbortedTransaction> aborted(Segment active) throws IOException {
    return active.sizeBytes() == 0 ? List.of() : abortedRebuild.abortedIn(active);
  }

  private LoadedLog recovered(
      LogFolder found, List<Segment> segments, @Nullable TruncationMark mark)
      throws IOException, CorruptLogException {
    long marked = mark == null ? Long.MAX_VALUE : mark.offset();
    long durable = Math.min(marked, Math.max(request.recoveryPoint(), cleanEnd()));
    EpochLineage stored = lineage(segments);
    EpochLineage begun = mark instanceof TruncationMark.Start start ? start.lineage() : stored;
    LogScan scan = new LogScan(store, request, segments, found.snapshots(), begun, stored, cleaned);
    return scan.scan(durable, storedLineage, isMarked);
  }

  /** A log that was closed cleanly must not have become shorter since. */
  private long cleanEnd() {
    CleanLog clean = request.clean();
    return clean == null ? 0 : clean.logEndOffset();
  }

  private void removeBelow(LogFolder found, long offset) throws IOException {
    for (long baseOffset : found.segments().headSet(offset)) {
      disk.delete(SegmentFiles.log(folder, baseOffset));
    }
    for (long snapshot : found.snapshots().headSet(offset)) {
      disk.delete(SegmentFiles.snapshot(folder, snapshot));
    }
    found.segments().headSet(offset).clear();
    found.snapshots().headSet(offset).clear();
  }

  /** The lineage as stored; made again from all batches when it is lost. */
  private EpochLineage lineage(List<Segment> segments) throws IOException {
    EpochLineage stored = readLineage();
    if (stored == null) {
      EpochLineage rebuilt = rebuiltLineage(segments);
      // A missing file and an empty lineage are the same.
      storedLineage = rebuilt.equals(EpochLineage.EMPTY) ? rebuilt : null;
      return rebuilt;
    }
    storedLineage = stored;
    return stored;
  }

  private @Nullable EpochLineage readLineage() throws IOException {
    try {
      return EpochCheckpoint.decode(disk.readAll(folder.resolve(SegmentFiles.EPOCHS)));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static EpochLineage rebuiltLineage(List<Segment> segments) throws IOException {
    EpochLineage lineage = EpochLineage.EMPTY;
    for (Segment segment : segments) {
      if (segment.sizeBytes() > 0) {
        lineage = extended(lineage, segment);
      }
    }
    return lineage;
  }

  private static EpochLineage extended(EpochLineage before, Segment segment) throws IOException {
    EpochLineage lineage = before;
    OpenFile file = segment.acquire();
    try {
      BatchWalker walker = new BatchWalker(file.file(), 0, segment.sizeBytes());
      while (walker.next()) {
        lineage = lineage.begin(walker.header().leaderEpoch(), walker.header().baseOffset());
      }
    } catch (CorruptRecordException e) {
      // The scan says whether that was a torn tail; what comes behind has no lineage to give.
    } finally {
      file.release();
    }
    return lineage;
  }
}
