package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.DATA;
import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static io.tidemark.log.partition.LogNode.read;
import static io.tidemark.log.partition.LogNode.recordValues;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.disk.DiskFile;
import io.tidemark.log.disk.OpenMode;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.segment.SegmentFiles;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

/** A bit that flips, in every byte of every kind of file that a log has. */
class BitRotTest {
  private static final Path FOLDER = DATA.resolve("orders-0");
  private static final int BATCHES = 24;

  /** Of a batch's header, what its CRC does not cover: base offset, length, leader epoch, magic. */
  private static final int UNCHECKED_BYTES = 17;

  /** A wrong length is found all the same, as nothing fits behind it. */
  private static final int LENGTH_AT = 8;

  private final LogNode node = new LogNode(3, DATA);
  private List<String> values = List.of();

  private PartitionLog filled() {
    node.config = node.config.toBuilder().indexIntervalBytes(300).build();
    node.recover();
    for (int i = 0; i < BATCHES; i++) {
      append(node.log(), batch(1_000 + i, 1, 300));
    }
    values = recordValues(node.log());
    return node.log();
  }

  @Test
  @Scenario("S-88")
  void whatRotsBesideTheSegmentsIsMadeAgain() throws IOException {
    filled();
    node.directories().close();
    for (Path file : node.disk.list(FOLDER)) {
      String name = String.valueOf(file.getFileName());
      if (!name.endsWith(SegmentFiles.LOG) && !name.equals(SegmentFiles.METADATA)) {
        byte[] bytes = node.disk.readAll(file);
        for (int at = 0; at < bytes.length; at += 1) {
          node.disk.rot(file, at);
          node.start();
          assertEverythingIsFound(name + " rotten at " + at);
          node.directories().close();
          restore(file, bytes);
        }
      }
    }
  }

  @Test
  @Scenario("S-88")
  void whatRotsInTheDirectoryCountsAsAbsent() throws IOException {
    filled();
    node.directories().close();
    for (String name :
        List.of(
            "recovery-point-offset-checkpoint",
            "log-start-offset-checkpoint",
            "replication-offset-checkpoint",
            "clean-shutdown",
            "boot-id")) {
      Path file = DATA.resolve(name);
      byte[] bytes = node.disk.readAll(file);
      for (int at = 0; at < bytes.length; at += 3) {
        node.disk.rot(file, at);
        node.start();
        assertEverythingIsFound(name + " rotten at " + at);
        node.directories().close();
        restore(file, bytes);
      }
    }
  }

  private void restore(Path file, byte[] bytes) throws IOException {
    try (DiskFile opened = node.disk.open(file, OpenMode.CREATE)) {
      opened.truncate(0);
      opened.write(ByteBuffer.wrap(bytes), 0);
      opened.force(true);
    }
  }

  private void assertEverythingIsFound(String what) {
    PartitionLog log = node.log();
    assertThat(recordValues(log)).as(what).isEqualTo(values);
    for (int i = 0; i < BATCHES; i += 5) {
      assertThat(log.offsetForTimestamp(1_000 + i, Long.MAX_VALUE))
          .as(what)
          .isEqualTo(Optional.of(new TimestampedOffset(i, 1_000 + i, 0)));
      BatchCursor cursor = new BatchCursor(read(log, i, 10_000));
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.header().baseOffset()).as(what).isEqualTo(i);
    }
  }

  @Test
  @Scenario("S-87")
  void aBatchThatRotsInAClosedSegmentIsNeverTakenForAnother() throws IOException {
    Path file = SegmentFiles.log(FOLDER, filled().closedSegments().getFirst().baseOffset());
    node.log().flush();
    node.directories().checkpoint();
    int batchBytes = batch(1_000, 1, 300).remaining();
    byte[] bytes = node.disk.readAll(file);
    int found = 0;
    for (int at = 0; at < 3 * batchBytes; at++) {
      int inBatch = at % batchBytes;
      if (inBatch >= UNCHECKED_BYTES || (inBatch >= LENGTH_AT && inBatch < LENGTH_AT + 4)) {
        node.disk.rot(file, at);
        node.killProcess();
        found += consume("rotten at " + at) < BATCHES ? 1 : 0;
        restore(file, bytes);
      }
    }
    assertThat(found).isEqualTo(3 * (batchBytes - UNCHECKED_BYTES + 4));
  }

  /** Reads as a consumer does, which checks CRCs; up to where it is refused or finds damage. */
  private int consume(String what) {
    int next = 0;
    try {
      while (next < BATCHES) {
        BatchCursor cursor = new BatchCursor(read(node.log(), next, 2_000));
        int before = next;
        while (cursor.next()) {
          if (!cursor.header().isValidCrc()) {
            return next;
          }
          assertThat(cursor.header().baseOffset()).as(what).isEqualTo(next);
          next++;
        }
        assertThat(next).as(what).isGreaterThan(before);
      }
    } catch (KafkaStorageException | CorruptRecordException e) {
      return next;
    }
    return next;
  }
}
