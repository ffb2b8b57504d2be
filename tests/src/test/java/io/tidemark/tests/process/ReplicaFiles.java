package io.tidemark.tests.process;

import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The record batches of a partition as a node's disk has them: all segments in order, byte for
 * byte. Where segments begin and end is each node's own affair.
 *
 * @param startOffset of the first batch
 * @param endOffset after the last
 * @param sizeBytes of all of them
 * @param sha256 over all of them
 */
record ReplicaFiles(long startOffset, long endOffset, long sizeBytes, String sha256) {

  /** Reads the files of a partition below a node's home; exact while nobody changes its log. */
  static ReplicaFiles read(Path home, String topic, int partition) throws IOException {
    return read(home, topic, partition, 0);
  }

  /** The same without what lies before an offset. */
  static ReplicaFiles read(Path home, String topic, int partition, long fromOffset)
      throws IOException {
    TreeMap<Long, Path> segments = segments(home, topic, partition);
    MessageDigest digest = newDigest();
    long sizeBytes = 0;
    long start = -1;
    long end = segments.isEmpty() ? 0 : segments.lastKey();
    for (Path segment : segments.values()) {
      ByteBuffer bytes = ByteBuffer.wrap(content(segment));
      BatchCursor cursor = new BatchCursor(bytes);
      while (cursor.next()) {
        RecordBatchHeader batch = cursor.header();
        if (batch.baseOffset() >= fromOffset) {
          start = start < 0 ? batch.baseOffset() : start;
          digest.update(bytes.array(), batch.position(), batch.sizeBytes());
          sizeBytes += batch.sizeBytes();
        }
        end = batch.nextOffset();
      }
    }
    return new ReplicaFiles(
        start < 0 ? end : start, end, sizeBytes, HexFormat.of().formatHex(digest.digest()));
  }

  /** Nothing where the segment was deleted meanwhile. */
  private static byte[] content(Path segment) throws IOException {
    try {
      return Files.readAllBytes(segment);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TreeMap<Long, Path> segments(Path home, String topic, int partition)
      throws IOException {
    TreeMap<Long, Path> segments = new TreeMap<>();
    for (Path folder : folders(home, topic, partition)) {
      for (Path file : files(folder)) {
        String name = file.getFileName().toString();
        if (name.matches("\\d{20}\\.log")) {
          segments.put(Long.parseLong(name.substring(0, 20)), file);
        }
      }
    }
    return segments;
  }

  /** None where the folder was deleted meanwhile. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static List<Path> folders(Path home, String topic, int partition) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (Stream<Path> all = Files.list(home.resolve("data"))) {
      all.filter(folder -> folder.getFileName().toString().equals(topic + "-" + partition))
          .forEach(folders::add);
    }
    return folders;
  }
}
