package io.tidemark.log.recovery;

import io.tidemark.log.disk.CheckedLines;
import io.tidemark.log.disk.Disk;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Written durably in a log's folder before the log is cut below what the directory's checkpoint
 * calls durable, and removed by the next checkpoint: without it a crash would make new, unforced
 * batches pass for durable ones. {@link CheckedLines}: {@code point <offset>}, or {@code start
 * <offset>} and the lineage, an entry a line.
 */
public sealed interface TruncationMark {
  /** Nothing at or above the offset counts as durable. */
  record Point(long offset) implements TruncationMark {}

  /** The log begins anew at the offset; segments below are left-overs. */
  record Start(long offset, EpochLineage lineage) implements TruncationMark {}

  /** The offset above which nothing counts as durable. */
  long offset();

  static void write(Disk disk, Path folder, TruncationMark mark) throws IOException {
    List<String> lines = new ArrayList<>();
    switch (mark) {
      case Point point -> lines.add("point " + point.offset());
      case Start start -> {
        lines.add("start " + start.offset());
        start.lineage().entries().forEach(e -> lines.add(e.epoch() + " " + e.startOffset()));
      }
    }
    disk.writeAtomically(file(folder), CheckedLines.encode(lines));
  }

  static void remove(Disk disk, Path folder) throws IOException {
    disk.delete(file(folder));
  }

  /** The mark; null when there is none. A damaged one calls nothing durable. */
  static @Nullable TruncationMark read(Disk disk, Path folder) throws IOException {
    try {
      List<String> lines = CheckedLines.decode(disk.readAll(file(folder)));
      return lines == null ? new Point(0) : parse(lines);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static TruncationMark parse(List<String> lines) {
    String[] head = lines.getFirst().split(" ", -1);
    long offset = Long.parseLong(head[1]);
    if (head[0].equals("point")) {
      return new Point(offset);
    }
    List<EpochEntry> entries = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.split(" ", -1);
      entries.add(new EpochEntry(Integer.parseInt(words[0]), Long.parseLong(words[1])));
    }
    return new Start(offset, EpochLineage.of(entries));
  }

  private static Path file(Path folder) {
    return folder.resolve(SegmentFiles.RECOVERY_POINT);
  }
}
