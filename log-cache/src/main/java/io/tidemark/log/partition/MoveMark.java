package io.tidemark.log.partition;

import io.tidemark.log.disk.CheckedLines;
import io.tidemark.log.disk.Disk;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code moving-to} in a log's folder: the log's copy in that directory is whole and about
 * to take over. Written durably before the copy becomes the log, while nobody appends; it goes with
 * the folder. {@link CheckedLines}: {@code directory <id>}.
 *
 * @param directoryId of the directory with the copy; {@link Uuid#ZERO_UUID} when the file is
 *     damaged
 */
record MoveMark(Uuid directoryId) {
  private static final String DIRECTORY = "directory ";

  void write(Disk disk, Path folder) throws IOException {
    disk.writeAtomically(file(folder), CheckedLines.encode(List.of(DIRECTORY + directoryId)));
  }

  /** The copy did not take over, or no more. */
  static void remove(Disk disk, Path folder) throws IOException {
    disk.delete(file(folder));
    disk.syncDirectory(folder);
  }

  /** The mark; null when there is none. */
  static @Nullable MoveMark read(Disk disk, Path folder) throws IOException {
    try {
      List<String> lines = CheckedLines.decode(disk.readAll(file(folder)));
      return lines == null || lines.size() != 1 || !lines.getFirst().startsWith(DIRECTORY)
          ? new MoveMark(Uuid.ZERO_UUID)
          : new MoveMark(Uuid.fromString(lines.getFirst().substring(DIRECTORY.length())));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static Path file(Path folder) {
    return folder.resolve(SegmentFiles.MOVING);
  }
}
