package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.DATA;
import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static io.tidemark.log.partition.LogNode.recordValues;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.disk.DiskFile;
import io.tidemark.log.disk.OpenMode;
import io.tidemark.log.segment.SegmentFiles;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every way in which a power loss can leave the end of a log that was not forced. */
class TornTailTest {
  private static final Path FILE = SegmentFiles.log(DATA.resolve("orders-0"), 0);
  private static final int SECTOR_BYTES = 512;
  private static final int DURABLE = 3;
  private static final int BATCHES = 10;

  private final LogNode node = LogNode.started(1);
  private final int batchBytes = batch(0, 1, 290).remaining();
  private byte[] bytes = new byte[0];

  @BeforeEach
  void aLogThatIsDurableInPart() throws IOException {
    for (int i = 0; i < BATCHES; i++) {
      if (i == DURABLE) {
        node.log().flush();
        node.directories().checkpoint();
      }
      append(node.log(), batch(i, 1, 290));
    }
    bytes = node.disk.readAll(FILE);
    assertThat(bytes).hasSize(BATCHES * batchBytes);
  }

  /** The machine went down and this is what is on the disk. */
  private void comesBackWith(byte[] content) throws IOException {
    try (DiskFile file = node.disk.open(FILE, OpenMode.READ_WRITE)) {
      file.truncate(0);
      file.write(ByteBuffer.wrap(content), 0);
      file.force(true);
    }
    node.crash();
  }

  private void assertHolds(int batches, String what) {
    assertThat(node.directories().directories().getFirst().offlineLogs()).as(what).isEmpty();
    assertThat(recordValues(node.log())).as(what).hasSize(batches);
    assertThat(append(node.log(), batch(99, 1, 10))).as(what).isEqualTo(batches);
    node.log().truncateTo(batches);
  }

  @Test
  @Scenario("S-85")
  void anyPrefixIsCutToItsWholeBatches() throws IOException {
    for (int length = DURABLE * batchBytes; length <= bytes.length; length += 7) {
      byte[] prefix = Arrays.copyOf(bytes, length);
      comesBackWith(prefix);
      assertHolds(length / batchBytes, "the first " + length + " bytes");
    }
  }

  @Test
  @Scenario({"S-85", "S-86"})
  void anyMixOfSectorsIsCutBeforeTheFirstThatIsMissing() throws IOException {
    int firstSector = DURABLE * batchBytes / SECTOR_BYTES + 1;
    int sectors = (bytes.length + SECTOR_BYTES - 1) / SECTOR_BYTES - firstSector;
    for (int missing = 0; missing < 1 << sectors; missing++) {
      byte[] mixed = bytes.clone();
      int firstMissing = bytes.length;
      for (int i = sectors - 1; i >= 0; i--) {
        if ((missing >> i & 1) == 1) {
          int from = (firstSector + i) * SECTOR_BYTES;
          Arrays.fill(mixed, from, Math.min(bytes.length, from + SECTOR_BYTES), (byte) 0);
          firstMissing = from;
        }
      }
      comesBackWith(mixed);
      assertHolds(firstMissing / batchBytes, "sectors %x missing".formatted(missing));
    }
  }

  @Test
  @Scenario("S-86")
  void zerosBehindTheLastBatchAreCut() throws IOException {
    for (int zeros = 1; zeros < 3_000; zeros += 37) {
      comesBackWith(Arrays.copyOf(bytes, bytes.length + zeros));
      assertHolds(BATCHES, zeros + " zeros");
    }
  }
}
