package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Tells, at a start, which of two folders of a log that moved between the node's directories is the
 * log: once the copy has its name it is, for nobody has appended to the other since. Used by the
 * thread that starts the node.
 */
final class MovedLogs {
  private final Disk disk;

  /** What was found in the directories that could be listed. */
  private final Map<LogDirectory, DirectoryScan> scans = new LinkedHashMap<>();

  /** What a folder with a log's name is. */
  sealed interface Folder {
    /** The log. */
    record OfLog() implements Folder {}

    /** What the log left behind when it moved. */
    record LeftBehind() implements Folder {}

    /** The log may be where nobody can look. */
    record InDoubt(String reason) implements Folder {}
  }

  MovedLogs(Disk disk) {
    this.disk = disk;
  }

  void found(LogDirectory directory, DirectoryScan scan) {
    scans.put(directory, scan);
  }

  Map<LogDirectory, DirectoryScan> scans() {
    return scans;
  }

  /** Judges a folder; a mark that means nothing any more is removed. */
  Folder judge(Path folder, TopicIdPartition id) throws IOException {
    MoveMark mark = MoveMark.read(disk, folder);
    if (mark == null) {
      return new Folder.OfLog();
    }
    DirectoryScan target = scanOf(mark);
    if (target == null) {
      return new Folder.InDoubt(
          "it may have moved to the log directory with id %s, which cannot be read"
              .formatted(mark.directoryId()));
    }
    if (target.logs().stream().anyMatch(log -> log.id().equals(id))) {
      return new Folder.LeftBehind();
    }
    MoveMark.remove(disk, folder);
    return new Folder.OfLog();
  }

  private @Nullable DirectoryScan scanOf(MoveMark mark) {
    Optional<DirectoryScan> scan =
        scans.entrySet().stream()
            .filter(each -> each.getKey().directoryId().equals(mark.directoryId()))
            .map(Map.Entry::getValue)
            .findFirst();
    return scan.orElse(null);
  }
}
