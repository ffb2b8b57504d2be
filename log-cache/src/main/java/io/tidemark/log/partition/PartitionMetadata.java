package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The file that says which topic a log's folder belongs to, as Kafka writes it.
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
    Map<String, String> values = new LinkedHashMap<>();
    values.put("version", "0");
    values.put("topic_id", topicId.toString());
    disk.write(file(folder), PropertyLines.encode(values, SEPARATOR));
  }

  /** The topic's id; null when the file is missing or says none. */
  static @Nullable Uuid read(Disk disk, Path folder) throws IOException {
    try {
      String id = PropertyLines.decode(disk.readAll(file(folder)), SEPARATOR).get("topic_id");
      return id == null ? null : Uuid.fromString(id);
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Path file(Path folder) {
    return folder.resolve(SegmentFiles.METADATA);
  }
}
