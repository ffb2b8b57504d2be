package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.segment.Segment;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Takes segments and snapshots of a log away. A segment's file is renamed now and removed after
 * {@code file.delete.delay.ms}, once nobody retains it. Used by the log's one appender.
 */
final class SegmentRemoval {
  private final LogContext context;
  private final Path folder;
  private final LongSupplier fileDeleteDelayMs;
  private int removals;

  SegmentRemoval(LogContext context, Path folder, LongSupplier fileDeleteDelayMs) {
    this.context = context;
    this.folder = folder;
    this.fileDeleteDelayMs = fileDeleteDelayMs;
  }

  void drop(Segment segment) throws IOException {
    segment.rename(Integer.toString(removals++));
    context.later(fileDeleteDelayMs.getAsLong(), segment::release);
  }

  /** Removes the snapshots at these offsets. */
  void dropSnapshots(LongPredicate choice) throws IOException {
    Disk disk = context.disk();
    for (Path file : disk.list(folder)) {
      OptionalLong offset = SegmentFiles.offset(file, SegmentFiles.SNAPSHOT);
      if (offset.isPresent() && choice.test(offset.getAsLong())) {
        disk.delete(file);
      }
    }
  }
}
