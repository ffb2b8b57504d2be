package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.recovery.Checkpoint;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies in a log directory: logs' folders, folders of deleted logs, files of the directory
 * itself. Anything else is left alone and named in a warning.
 *
 * @param logs folders with a topic id
 * @param copies folders of copies that have not become logs
 * @param unborn folders of nobody that hold nothing, to be removed before a log is made
 * @param deleted folders to be removed
 */
record DirectoryScan(
    List<LogFolder> logs, List<LogFolder> copies, List<Path> unborn, List<Path> deleted) {
  private static final Logger log = LoggerFactory.getLogger(DirectoryScan.class);

  private static final Set<String> OWN_FILES =
      Set.of(
          ".lock",
          DirectoryMeta.FILE_NAME,
          StopMark.FILE_NAME,
          Checkpoint.RECOVERY_POINTS.fileName(),
          Checkpoint.LOG_STARTS.fileName(),
          Checkpoint.HIGH_WATERMARKS.fileName(),
          Checkpoint.CLEAN_STOP.fileName());

  /** A folder and whose log it holds. */
  record LogFolder(Path folder, TopicIdPartition id) {}

  static DirectoryScan of(Disk disk, Path directory, Set<String> foreign) throws IOException {
    DirectoryScan scan =
        new DirectoryScan(
            new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Path entry : disk.list(directory)) {
      String name = String.valueOf(entry.getFileName());
      if (!OWN_FILES.contains(name) && !foreign.contains(name)) {
        scan.sort(disk, entry);
      }
    }
    return scan;
  }

  private void sort(Disk disk, Path entry) throws IOException {
    if (!disk.isDirectory(entry)) {
      if (String.valueOf(entry.getFileName()).endsWith(SegmentFiles.TEMPORARY)) {
        disk.delete(entry);
        return;
      }
      log.warn("{} is not part of a log directory and is ignored", entry);
      return;
    }
    if (LogFolderName.isDeleted(entry)) {
      deleted.add(entry);
      return;
    }
    TopicPartition partition = LogFolderName.parse(entry);
    if (partition == null) {
      log.warn("{} is not a log's folder and is ignored", entry);
      return;
    }
    sort(disk, entry, partition);
  }

  private void sort(Disk disk, Path entry, TopicPartition partition) throws IOException {
    Uuid topicId = PartitionMetadata.read(disk, entry);
    if (topicId != null) {
      logs.add(new LogFolder(entry, new TopicIdPartition(topicId, partition)));
      return;
    }
    Uuid ofCopy = PartitionMetadata.readOfCopy(disk, entry);
    if (ofCopy != null) {
      copies.add(new LogFolder(entry, new TopicIdPartition(ofCopy, partition)));
    } else if (isUnborn(disk, entry)) {
      // The process died while it made the folder, or the machine before anything was forced.
      unborn.add(entry);
    } else {
      log.warn("{} is not a log's folder and is ignored", entry);
    }
  }

  /** Whether a folder, whose metadata says nothing, holds no batch and nothing foreign. */
  static boolean isUnborn(Disk disk, Path folder) throws IOException {
    for (Path file : disk.list(folder)) {
      OptionalLong segment = SegmentFiles.offset(file, SegmentFiles.LOG);
      String name = String.valueOf(file.getFileName());
      boolean isLeftOver =
          name.endsWith(SegmentFiles.TEMPORARY) || name.equals(SegmentFiles.METADATA);
      if (segment.isPresent() ? disk.sizeBytes(file) > 0 : !isLeftOver) {
        return false;
      }
    }
    return true;
  }
}
