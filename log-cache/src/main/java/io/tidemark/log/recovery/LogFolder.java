package io.tidemark.log.recovery;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.index.IndexKind;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a log's folder, told apart by their names. A replacement of segments that had begun
 * is completed. Left-overs of deletions, half-written files and indexes without a segment are
 * removed; what belongs to nobody is left alone and named in a warning.
 *
 * @param segments base offsets
 * @param snapshots their offsets
 * @param others names of the log's other files
 */
record LogFolder(NavigableSet<Long> segments, NavigableSet<Long> snapshots, Set<String> others) {
  private static final Logger log = LoggerFactory.getLogger(LogFolder.class);

  private static final Set<String> KNOWN =
      Set.of(
          SegmentFiles.EPOCHS,
          SegmentFiles.METADATA,
          SegmentFiles.MOVING,
          SegmentFiles.RECOVERY_POINT,
          SegmentFiles.CLEANED_MARK);

  private static final List<String> LEFT_OVERS =
      List.of(SegmentFiles.DELETED, SegmentFiles.TEMPORARY, SegmentFiles.CLEANED);

  static LogFolder list(Disk disk, Path folder) throws IOException {
    LogFolder found = new LogFolder(new TreeSet<>(), new TreeSet<>(), new HashSet<>());
    TreeSet<Path> indexes = new TreeSet<>();
    List<Path> files = disk.list(folder);
    for (Path file : completeSwaps(disk, files) ? disk.list(folder) : files) {
      found.sort(disk, file, indexes);
    }
    for (Path index : indexes) {
      if (!found.segments.contains(indexOffset(index).orElseThrow())) {
        disk.delete(index);
      }
    }
    return found;
  }

  /**
   * A swap file is whole and was to replace what lies in its range; a crash may have come at any
   * point behind that. It gets its name last of all, so that this too may stop anywhere. False when
   * there was none.
   */
  private static boolean completeSwaps(Disk disk, List<Path> files) throws IOException {
    boolean isAnyThere = false;
    for (Path file : files) {
      Optional<SegmentFiles.Range> range = SegmentFiles.Range.ofSwap(file);
      if (range.isPresent()) {
        log.info("Completing the replacement of segments by {}", file);
        removeReplaced(disk, files, range.get());
        Path folder = Objects.requireNonNull(file.getParent());
        disk.move(file, SegmentFiles.log(folder, range.get().baseOffset()));
        disk.syncDirectory(folder);
        isAnyThere = true;
      }
    }
    return isAnyThere;
  }

  private static void removeReplaced(Disk disk, List<Path> files, SegmentFiles.Range range)
      throws IOException {
    for (Path file : files) {
      OptionalLong segment = SegmentFiles.offset(file, SegmentFiles.LOG);
      if (segment.isPresent()
          && segment.getAsLong() >= range.baseOffset()
          && segment.getAsLong() < range.nextOffset()) {
        disk.delete(file);
      }
    }
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
    } else if (isLeftOver(name) && !disk.isDirectory(file)) {
      disk.delete(file);
    } else if (KNOWN.contains(name)) {
      others.add(name);
    } else {
      log.warn("{} is not part of a log and is ignored", file);
    }
  }

  private static boolean isLeftOver(String name) {
    return LEFT_OVERS.stream().anyMatch(name::endsWith);
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
