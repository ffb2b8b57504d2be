package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Whom a log directory belongs to, in {@code meta.properties} as Kafka writes it.
 *
 * <pre>
 * version=1
 * cluster.id=…
 * node.id=1
 * directory.id=…
 * </pre>
 */
record DirectoryMeta(String clusterId, int nodeId, Uuid directoryId) {
  private static final String SEPARATOR = "=";
  private static final String FILE = "meta.properties";

  static final String FILE_NAME = FILE;

  void write(Disk disk, Path directory) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("version", "1");
    values.put("cluster.id", clusterId);
    values.put("node.id", Integer.toString(nodeId));
    values.put("directory.id", directoryId.toString());
    disk.writeAtomically(directory.resolve(FILE), PropertyLines.encode(values, SEPARATOR));
  }

  /**
   * What the directory says; null when it says nothing, as before the first start.
   *
   * @throws WrongDirectoryException the file is there and not readable as ours
   */
  static @Nullable DirectoryMeta read(Disk disk, Path directory) throws IOException {
    Map<String, String> values;
    try {
      values = PropertyLines.decode(disk.readAll(directory.resolve(FILE)), SEPARATOR);
    } catch (NoSuchFileException e) {
      return null;
    }
    String clusterId = values.get("cluster.id");
    String nodeId = values.get("node.id");
    String directoryId = values.get("directory.id");
    if (clusterId == null || nodeId == null || directoryId == null) {
      throw new WrongDirectoryException(
          directory.resolve(FILE) + " does not name a cluster, a node and a directory");
    }
    try {
      return new DirectoryMeta(clusterId, Integer.parseInt(nodeId), Uuid.fromString(directoryId));
    } catch (IllegalArgumentException e) {
      throw new WrongDirectoryException(directory.resolve(FILE) + ": " + e.getMessage());
    }
  }
}
