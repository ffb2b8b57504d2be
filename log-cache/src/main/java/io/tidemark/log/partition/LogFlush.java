package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.disk.DiskFile;
import io.tidemark.log.disk.OpenMode;
import io.tidemark.log.disk.TooManyOpenFilesException;
import io.tidemark.log.epoch.EpochCheckpoint;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.recovery.LoadedLog;
import io.tidemark.log.segment.Segment;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes a log durable and keeps its recovery point: everything below it, with the epochs and
 * producers that belong to it, has been forced. Safe from any thread; one flush at a time. A force
 * that fails takes the directory offline: what it should have written is unknown for ever.
 *
 * <p>The folder of a new log, its name and whose it is, becomes durable with the first force: until
 * then there is nothing in it that could be missed. A log that holds nothing is never forced.
 */
final class LogFlush {
  private final PartitionLog log;
  private final LogContext context;
  private final Path folder;

  /** Guards the recovery point against a truncation beside a flush. */
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable EpochLineage storedLineage;

  // Volatile because checkpoints read it on their own thread; written under the lock.
  private volatile long recoveryPoint;

  // Volatile because the appender sets what a flush on another thread clears.
  private volatile boolean hasNewNames;

  /** Whether the folder itself may not be durable yet; guarded by the lock. */
  private boolean isFolderNew;

  LogFlush(PartitionLog log, LogContext context, Path folder, LoadedLog loaded) {
    this.log = log;
    this.context = context;
    this.folder = folder;
    this.recoveryPoint = loaded.recoveryPoint();
    this.storedLineage = loaded.storedLineage();
    boolean holdsNothing = loaded.segments().stream().allMatch(each -> each.sizeBytes() == 0);
    this.hasNewNames = !loaded.isAsClosed() && !holdsNothing;
    this.isFolderNew = !loaded.isAsClosed() || holdsNothing;
  }

  long recoveryPoint() {
    return recoveryPoint;
  }

  /** A file was created or renamed in the folder. */
  void namesChanged() {
    hasNewNames = true;
  }

  /** Forces all that lies below an offset, which is a segment's end or the log's. */
  long flush(long endOffset) {
    lock.lock();
    try {
      boolean isNeeded = recoveryPoint < endOffset || hasNewNames;
      if (isNeeded && context.offlineReason() == null) {
        storeLineageFirst();
        force(log.state(), endOffset);
        recoveryPoint = Math.max(recoveryPoint, endOffset);
      }
      return recoveryPoint;
    } catch (TooManyOpenFilesException e) {
      // No file was forced in vain: the next flush begins where this one did.
      hasNewNames = true;
      throw context.writeFailed("Forcing " + log.id(), e);
    } catch (IOException e) {
      throw context.brokenBy("Forcing " + log.id(), e);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a flush under way: its folder is about to be renamed, and may be made anew. */
  void awaitIdle() {
    lock.lock();
    try {
      hasNewNames = false;
    } finally {
      lock.unlock();
    }
  }

  /** A disk that is only full refuses this without harm. */
  private void storeLineageFirst() {
    try {
      storeLineage();
    } catch (IOException e) {
      throw context.writeFailed("Writing the lineage of " + log.id(), e);
    }
  }

  private void force(LogState state, long endOffset) throws IOException {
    boolean namesWereNew = hasNewNames;
    hasNewNames = false;
    // From the segment that ends at the recovery point on: its snapshot may be newer than that.
    for (int i = state.indexOf(recoveryPoint - 1); i < state.segments().size(); i++) {
      Segment segment = state.segments().get(i);
      if (segment.baseOffset() < endOffset) {
        force(segment, state.nextOffset(i));
      }
    }
    if (isFolderNew) {
      forceFolder();
    } else if (namesWereNew) {
      context.disk().syncDirectory(folder);
    }
  }

  private void forceFolder() throws IOException {
    forceIfPresent(folder.resolve(SegmentFiles.METADATA));
    context.disk().syncDirectory(folder);
    Path directory = folder.getParent();
    if (directory != null) {
      context.disk().syncDirectory(directory);
    }
    isFolderNew = false;
  }

  private void force(Segment segment, long nextOffset) throws IOException {
    try {
      segment.force();
      forceIfPresent(SegmentFiles.snapshot(folder, nextOffset));
    } catch (NoSuchFileException e) {
      // Deleted by retention since the state was taken: nothing is left to lose.
      if (log.state().segments().contains(segment)) {
        throw e;
      }
    }
  }

  private void forceIfPresent(Path file) throws IOException {
    Disk disk = context.disk();
    if (disk.exists(file)) {
      try (DiskFile opened = disk.open(file, OpenMode.READ_WRITE)) {
        opened.force(true);
      }
    }
  }

  /**
   * Writes the lineage where it changed since the last time. An epoch that has written nothing is
   * left out: no start would believe it, and an idle log that gets a leader anew is not written to.
   */
  void storeLineage() throws IOException {
    long logEndOffset = log.state().logEndOffset();
    EpochLineage lineage = log.lineage().truncateFromEnd(logEndOffset);
    if (storedLineage == null || !lineage.equals(storedLineage)) {
      context
          .disk()
          .writeAtomically(folder.resolve(SegmentFiles.EPOCHS), EpochCheckpoint.encode(lineage));
      storedLineage = lineage;
    }
  }

  /** Work on the log while no flush runs. */
  @FunctionalInterface
  interface Cut {
    void run() throws IOException;
  }

  /**
   * Lowers the recovery point before a cut, which no flush overlaps. A cut is durable by itself,
   * and so is the folder it is made in.
   */
  void cutting(long offset, Cut cut) throws IOException {
    lock.lock();
    try {
      if (isFolderNew) {
        forceFolder();
      }
      recoveryPoint = Math.min(recoveryPoint, offset);
      cut.run();
    } finally {
      lock.unlock();
    }
  }
}
