package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The file that says which topic a log's folder belongs to, as Kafka writes it. In a copy of a log
 * it has another name until the copy is the log: nothing else tells the two apart.
 *
 * <pre>
 * version: 0
 * topic_id: bRRWzfWbSDeNFZZ6OjRRcQ
 * </pre>
 */
final class PartitionMetadata {
  private static final String SEPARATOR = ": ";

  private PartitionMetadata() {}

  /** Writes the file; it is forced with the log's first batch, see {@link LogFlush}. */
  static void write(Disk disk, Path folder, Uuid topicId) throws IOException {
    disk.write(file(folder), encoded(topicId));
  }

  private static ByteBuffer encoded(Uuid topicId) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("version", "0");
    values.put("topic_id", topicId.toString());
    return PropertyLines.encode(values, SEPARATOR);
  }

  /** Makes the folder a copy's, durably. */
  static void writeOfCopy(Disk disk, Path folder, Uuid topicId) throws IOException {
    disk.writeAtomically(ofCopy(folder), encoded(topicId));
  }

  /** Makes a copy's folder the log's, durably. */
  static void promoteCopy(Disk disk, Path folder) throws IOException {
    disk.move(ofCopy(folder), file(folder));
    disk.syncDirectory(folder);
  }

  /** The topic's id; null when the file is missing or says none. */
  static @Nullable Uuid read(Disk disk, Path folder) throws IOException {
    return readFile(disk, file(folder));
  }

  /** The topic's id of a copy; null when the folder is none. */
  static @Nullable Uuid readOfCopy(Disk disk, Path folder) throws IOException {
    return readFile(disk, ofCopy(folder));
  }

  private static @Nullable Uuid readFile(Disk disk, Path file) throws IOException {
    try {
      String id = PropertyLines.decode(disk.readAll(file), SEPARATOR).get("topic_id");
      return id == null ? null : Uuid.fromString(id);
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Path ofCopy(Path folder) {
    return folder.resolve(SegmentFiles.COPY);
  }

  private static Path file(Path folder) {
    return folder.resolve(SegmentFiles.METADATA);
  }
}
