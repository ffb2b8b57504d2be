package io.tidemark.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.disk.SimulatedDisk.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest extends DiskContract {
  private static final Path FOLDER = Path.of("/disk");

  private final SimulatedDisk disk = disk(1);

  private static SimulatedDisk disk(long seed) {
    SimulatedDisk made = new SimulatedDisk(new SplittableRandom(seed));
    made.createDurableDirectories(FOLDER);
    return made;
  }

  @Override
  Path folder() {
    return FOLDER;
  }

  @Override
  Disk disk() {
    return disk;
  }

  @Test
  void theDeathOfTheProcessLosesNothingAndClosesEverything() throws IOException {
    Path file = FOLDER.resolve("a");
    DiskFile opened = disk.open(file, OpenMode.CREATE);
    opened.write(bytes("written"), 0);
    disk.lock(FOLDER);
    String bootId = disk.bootId();

    disk.killProcess();

    assertThat(disk.readAll(file)).hasSize(7);
    assertThatThrownBy(() -> opened.write(bytes("x"), 0)).isInstanceOf(IOException.class);
    disk.lock(FOLDER).close();
    assertThat(disk.bootId()).isEqualTo(bootId);
  }

  @Test
  void theDeathOfTheMachineLosesWhatWasNotForcedInMoreThanOneWay() throws IOException {
    Set<String> outcomes = new HashSet<>();
    for (long seed = 0; seed < 200; seed++) {
      SimulatedDisk each = disk(seed);
      Path file = FOLDER.resolve("a");
      try (DiskFile opened = each.open(file, OpenMode.CREATE)) {
        opened.write(ByteBuffer.wrap(filled(1024, 'd')), 0);
        opened.force(true);
        each.syncDirectory(FOLDER);
        opened.write(ByteBuffer.wrap(filled(1024, 'n')), 1024);
      }
      each.crash();
      String left = new String(each.readAll(file), java.nio.charset.StandardCharsets.US_ASCII);
      assertThat(left).as("seed " + seed).startsWith("d".repeat(1024));
      String tail = left.substring(1024);
      outcomes.add(
          tail.isEmpty()
              ? "lost"
              : tail.equals("n".repeat(1024)) ? "kept" : tail.indexOf(0) >= 0 ? "zeros" : "cut");
    }
    assertThat(outcomes).containsExactlyInAnyOrder("lost", "kept", "zeros", "cut");
  }

  private static byte[] filled(int length, char value) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void namesAreDurableOnceTheirFolderIs() throws IOException {
    boolean wasLost = false;
    for (long seed = 0; seed < 50; seed++) {
      SimulatedDisk each = disk(seed);
      each.write(FOLDER.resolve("durable"), bytes("1"));
      each.syncDirectory(FOLDER);
      each.write(FOLDER.resolve("later"), bytes("1"));
      each.crash();
      assertThat(each.exists(FOLDER.resolve("durable"))).isTrue();
      wasLost |= !each.exists(FOLDER.resolve("later"));
    }
    assertThat(wasLost).isTrue();
  }

  @Test
  void aNewFolderIsDurableOnceTheOneAboveIs() throws IOException {
    int lost = 0;
    for (int seed = 0; seed < 50; seed++) {
      SimulatedDisk each = new SimulatedDisk(new SplittableRandom(seed));
      each.createDurableDirectories(Path.of("/disk/kept"));
      each.createDirectories(Path.of("/disk/perhaps"));
      Path inside = Path.of("/disk/perhaps/file");
      each.write(inside, bytes("x"));
      each.syncDirectory(Path.of("/disk/perhaps"));

      each.crash();

      assertThat(each.isDirectory(Path.of("/disk/kept"))).isTrue();
      assertThat(each.exists(inside)).isEqualTo(each.isDirectory(Path.of("/disk/perhaps")));
      lost += each.exists(inside) ? 0 : 1;
    }
    assertThat(lost).isBetween(1, 49);
  }

  @Test
  void aFullDiskTakesWhatFits() throws IOException {
    disk.capacityBytes(4);
    try (DiskFile opened = disk.open(FOLDER.resolve("a"), OpenMode.CREATE)) {
      assertThatThrownBy(() -> opened.write(bytes("123456"), 0))
          .isInstanceOf(DiskFullException.class);
      assertThat(opened.sizeBytes()).isEqualTo(4);
      opened.write(bytes("over"), 0);
    }
    assertThat(disk.usableBytes(FOLDER)).isZero();
  }

  @Test
  void faultsHappenAsOftenAsAsked() throws IOException {
    disk.fail(Call.FORCE, file -> true, 1);
    try (DiskFile opened = disk.open(FOLDER.resolve("a"), OpenMode.CREATE)) {
      assertThatThrownBy(() -> opened.force(true)).hasMessageContaining("Input/output error");
      opened.force(true);
    }
  }

  @Test
  void slowCallsRunWhatMakesThemSlow() throws IOException {
    int[] waits = new int[1];
    disk.slow(Call.WRITE, file -> true, () -> waits[0]++);
    disk.write(FOLDER.resolve("a"), bytes("1"));
    assertThat(waits[0]).isEqualTo(1);
  }
}
