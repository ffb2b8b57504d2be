package io.tidemark.log.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TruncationMarkTest {
  private static final Path FOLDER = Path.of("/data/orders-0");
  private static final Path FILE = FOLDER.resolve("recovery-point");

  private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(1));

  private void assertWritten(TruncationMark mark, String text) throws IOException {
    disk.createDirectories(FOLDER);
    TruncationMark.write(disk, FOLDER, mark);
    assertThat(new String(disk.readAll(FILE), StandardCharsets.US_ASCII)).isEqualTo(text);
    assertThat(TruncationMark.read(disk, FOLDER)).isEqualTo(mark);
  }

  @Test
  void theMarkIsReadable() throws IOException {
    assertWritten(new TruncationMark.Point(17), "1\n1\npoint 17\ncrc32c 3247d99d\n");
    EpochLineage lineage = EpochLineage.of(List.of(new EpochEntry(2, 0), new EpochEntry(5, 40)));
    assertWritten(
        new TruncationMark.Start(500, lineage), "1\n3\nstart 500\n2 0\n5 40\ncrc32c bba55b9d\n");
  }

  @Test
  void aDamagedMarkCallsNothingDurable() throws IOException {
    disk.createDirectories(FOLDER);
    TruncationMark.write(disk, FOLDER, new TruncationMark.Point(17));
    disk.rot(FILE, 3);
    assertThat(TruncationMark.read(disk, FOLDER)).isEqualTo(new TruncationMark.Point(0));
    TruncationMark.remove(disk, FOLDER);
    TruncationMark.remove(disk, FOLDER);
    assertThat(TruncationMark.read(disk, FOLDER)).isNull();
  }
}
