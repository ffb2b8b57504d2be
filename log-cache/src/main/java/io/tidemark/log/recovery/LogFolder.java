package io.tidemark.log.recovery;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.index.IndexKind;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a log's folder, told apart by their names. Left-overs of deletions, half-written
 * files and indexes without a segment are removed; what belongs to nobody is left alone and named
 * in a warning.
 *
 * @param segments base offsets
 * @param snapshots their offsets
 */
record LogFolder(NavigableSet<Long> segments, NavigableSet<Long> snapshots) {
  private static final Logger log = LoggerFactory.getLogger(LogFolder.class);

  private static final Set<String> KNOWN =
      Set.of(SegmentFiles.EPOCHS, SegmentFiles.METADATA, SegmentFiles.RECOVERY_POINT);

  static LogFolder list(Disk disk, Path folder) throws IOException {
    LogFolder found = new LogFolder(new TreeSet<>(), new TreeSet<>());
    TreeSet<Path> indexes = new TreeSet<>();
    for (Path file : disk.list(folder)) {
      found.sort(disk, file, indexes);
    }
    for (Path index : indexes) {
      if (!found.segments.contains(indexOffset(index).orElseThrow())) {
        disk.delete(index);
      }
    }
    return found;
  }

  private void sort(Disk disk, Path file, TreeSet<Path> indexes) throws IOException {
    String name = String.valueOf(file.getFileName());
    OptionalLong segment = SegmentFiles.offset(file, SegmentFiles.LOG);
    OptionalLong snapshot = SegmentFiles.offset(file, SegmentFiles.SNAPSHOT);
    if (segment.isPresent()) {
      segments.add(segment.getAsLong());
    } else if (snapshot.isPresent()) {
      snapshots.add(snapshot.getAsLong());
    } else if (indexOffset(file).isPresent()) {
      indexes.add(file);
    } else if (name.endsWith(SegmentFiles.DELETED) || name.endsWith(SegmentFiles.TEMPORARY)) {
      disk.delete(file);
    } else if (!KNOWN.contains(name)) {
      log.warn("{} is not part of a log and is ignored", file);
    }
  }

  private static OptionalLong indexOffset(Path file) {
    for (IndexKind kind : IndexKind.values()) {
      OptionalLong offset = SegmentFiles.offset(file, kind.suffix());
      if (offset.isPresent()) {
        return offset;
      }
    }
    return OptionalLong.empty();
  }
}
