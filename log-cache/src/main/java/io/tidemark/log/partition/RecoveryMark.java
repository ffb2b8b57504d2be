package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.recovery.TruncationMark;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Keeps a log's recovery point on disk from ever promising too much: the directory's checkpoint
 * holds it, and a log that is cut below leaves a {@link TruncationMark} first, which the next
 * checkpoint removes. Used by the log's appender and by the thread that writes checkpoints.
 */
final class RecoveryMark {
  private final Disk disk;
  private final Path folder;

  // All guarded by this object's monitor, held over small writes only.
  private long promised;
  private boolean isMarked;
  private int marks;
  private int marksWhenCollected;

  /**
   * The mark of one log.
   *
   * @param promised what the checkpoint on disk says
   * @param isMarked whether the folder holds a mark
   */
  RecoveryMark(Disk disk, Path folder, long promised, boolean isMarked) {
    this.disk = disk;
    this.folder = folder;
    this.promised = promised;
    this.isMarked = isMarked;
  }

  /** Before a cut: writes the mark where the checkpoint promises more than is left. */
  synchronized void cutting(long offset) throws IOException {
    if (offset < promised) {
      write(new TruncationMark.Point(offset));
    }
  }

  /** Writes the mark in any case. */
  synchronized void write(TruncationMark mark) throws IOException {
    TruncationMark.write(disk, folder, mark);
    isMarked = true;
    marks++;
  }

  /** A checkpoint with this recovery point is about to be written. */
  synchronized void collected(long recoveryPoint) {
    promised = Math.max(promised, recoveryPoint);
    marksWhenCollected = marks;
  }

  /** The checkpoint with what was collected is on disk: the mark goes unless it is newer. */
  synchronized void written(long recoveryPoint) throws IOException {
    if (marks != marksWhenCollected) {
      return;
    }
    promised = recoveryPoint;
    if (isMarked) {
      TruncationMark.remove(disk, folder);
      isMarked = false;
    }
  }
}
