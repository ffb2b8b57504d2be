package io.tidemark.tests.process;

import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.RecordBatchHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The record batches of a partition as a node's disk has them: all segments in order, byte for
 * byte. Where segments begin and end is each node's own affair.
 *
 * @param startOffset of the first batch
 * @param endOffset after the last
 */
record ReplicaFiles(long startOffset, long endOffset, byte[] batches) {

  /** Reads the files of a partition below a node's home, whose log nobody changes meanwhile. */
  static ReplicaFiles read(Path home, String topic, int partition) throws IOException {
    return read(home, topic, partition, 0);
  }

  /** The same without what lies before an offset. */
  static ReplicaFiles read(Path home, String topic, int partition, long fromOffset)
      throws IOException {
    TreeMap<Long, Path> segments = segments(home, topic, partition);
    ByteArrayOutputStream batches = new ByteArrayOutputStream();
    long start = -1;
    long end = segments.isEmpty() ? 0 : segments.lastKey();
    for (Path segment : segments.values()) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
      BatchCursor cursor = new BatchCursor(bytes);
      while (cursor.next()) {
        RecordBatchHeader batch = cursor.header();
        if (batch.baseOffset() >= fromOffset) {
          start = start < 0 ? batch.baseOffset() : start;
          batches.write(bytes.array(), batch.position(), batch.sizeBytes());
        }
        end = batch.nextOffset();
      }
    }
    return new ReplicaFiles(start < 0 ? end : start, end, batches.toByteArray());
  }

  private static TreeMap<Long, Path> segments(Path home, String topic, int partition)
      throws IOException {
    TreeMap<Long, Path> segments = new TreeMap<>();
    for (Path folder : folders(home, topic, partition)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(file -> file.getFileName().toString().matches("\\d{20}\\.log"))
            .forEach(file ->
                segments.put(Long.parseLong(file.getFileName().toString().substring(0, 20)), file));
      }
    }
    return segments;
  }

  private static List<Path> folders(Path home, String topic, int partition) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (Stream<Path> all = Files.list(home.resolve("data"))) {
      all.filter(folder -> folder.getFileName().toString().equals(topic + "-" + partition))
          .forEach(folders::add);
    }
    return folders;
  }

  /** How many bytes, for messages. */
  @Override
  public String toString() {
    return "[%d, %d), %d bytes".formatted(startOffset, endOffset, batches.length);
  }
}
