package io.tidemark.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What every {@link Disk} does. */
abstract class DiskContract {
  /** An empty folder of the disk. */
  abstract Path folder();

  abstract Disk disk();

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String text(Path file) throws IOException {
    return new String(disk().readAll(file), StandardCharsets.US_ASCII);
  }

  private Path written(String name, String text) throws IOException {
    Path file = folder().resolve(name);
    try (DiskFile opened = disk().open(file, OpenMode.CREATE)) {
      opened.write(bytes(text), 0);
    }
    return file;
  }

  @Test
  void severalBuffersAreWrittenOneBehindTheOther() throws IOException {
    Path file = folder().resolve("a");
    try (DiskFile opened = disk().open(file, OpenMode.CREATE)) {
      opened.write(bytes("0123456789"), 0);
      ByteBuffer middle = bytes("xABCx").position(1).limit(4);
      opened.write(new ByteBuffer[] {bytes("-"), middle, bytes("")}, 3);

      assertThat(middle.hasRemaining()).isFalse();
      assertThat(opened.sizeBytes()).isEqualTo(10);
    }
    assertThat(text(file)).isEqualTo("012-ABC789");
  }

  @Test
  void readsEndWhereTheFileEnds() throws IOException {
    Path file = written("a", "0123456789");
    try (DiskFile opened = disk().open(file, OpenMode.READ)) {
      ByteBuffer dst = ByteBuffer.allocate(8);
      assertThat(opened.read(dst, 6)).isEqualTo(4);
      assertThat(dst.position()).isEqualTo(4);
      assertThat(opened.read(dst, 10)).isZero();
      assertThat(opened.read(dst, 99)).isZero();
      assertThat(opened.read(ByteBuffer.allocate(0), 2)).isZero();
    }
  }

  @Test
  void aFileIsCutAndNeverGrownByTruncation() throws IOException {
    Path file = written("a", "0123456789");
    try (DiskFile opened = disk().open(file, OpenMode.READ_WRITE)) {
      opened.truncate(20);
      assertThat(opened.sizeBytes()).isEqualTo(10);
      opened.truncate(4);
      opened.write(bytes("x"), 6);
      opened.force(true);
    }
    assertThat(disk().readAll(file)).containsExactly('0', '1', '2', '3', 0, 0, 'x');
  }

  @Test
  void anAbsentFileIsOpenedOnlyToCreateIt() {
    Path file = folder().resolve("absent");
    assertThatThrownBy(() -> disk().open(file, OpenMode.READ))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk().open(file, OpenMode.READ_WRITE))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk().readAll(file)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk().sizeBytes(file)).isInstanceOf(NoSuchFileException.class);
    assertThat(disk().exists(file)).isFalse();
  }

  @Test
  void creatingKeepsWhatIsThere() throws IOException {
    Path file = written("a", "kept");
    disk().open(file, OpenMode.CREATE).close();
    assertThat(text(file)).isEqualTo("kept");
  }

  @Test
  void moveReplacesAndDeleteForgives() throws IOException {
    Path from = written("from", "new");
    Path to = written("to", "old");

    disk().move(from, to);
    assertThat(text(to)).isEqualTo("new");
    assertThat(disk().exists(from)).isFalse();

    disk().delete(to);
    disk().delete(to);
    assertThat(disk().list(folder())).isEmpty();
  }

  @Test
  void foldersAreListedMovedAndDeletedWhenEmpty() throws IOException {
    Path inner = folder().resolve("x/y");
    disk().createDirectories(inner);
    disk().createDirectories(inner);
    disk().write(inner.resolve("f"), bytes("1"));

    assertThat(disk().isDirectory(inner)).isTrue();
    assertThat(disk().list(folder())).containsExactly(folder().resolve("x"));
    assertThatThrownBy(() -> disk().delete(inner)).isInstanceOf(IOException.class);

    Path moved = folder().resolve("z");
    disk().move(folder().resolve("x"), moved);
    assertThat(text(moved.resolve("y/f"))).isEqualTo("1");
    disk().syncDirectory(moved);
    disk().delete(moved.resolve("y/f"));
    disk().delete(moved.resolve("y"));
    assertThat(disk().list(moved)).isEmpty();
  }

  @Test
  void anOpenFileSurvivesItsNameAndItsDeletion() throws IOException {
    Path file = written("a", "bytes");
    try (DiskFile opened = disk().open(file, OpenMode.READ)) {
      disk().move(file, folder().resolve("b"));
      disk().delete(folder().resolve("b"));
      ByteBuffer dst = ByteBuffer.allocate(5);
      assertThat(opened.read(dst, 0)).isEqualTo(5);
    }
  }

  @Test
  void writesReplaceWhatWasLonger() throws IOException {
    Path file = written("a", "a long text");
    disk().write(file, bytes("short"));
    assertThat(text(file)).isEqualTo("short");
    ByteBuffer content = bytes("atomic");
    disk().writeAtomically(file, content);
    assertThat(content.hasRemaining()).isFalse();
    assertThat(text(file)).isEqualTo("atomic");
    assertThat(disk().list(folder())).containsExactly(file);
  }

  @Test
  void aFolderIsHeldByOne() throws IOException {
    DirectoryLock held = disk().lock(folder());
    assertThatThrownBy(() -> disk().lock(folder())).isInstanceOf(DirectoryLockedException.class);
    held.close();
    held.close();
    disk().lock(folder()).close();
  }

  @Test
  void theBootIdStaysWhileTheMachineRuns() throws IOException {
    assertThat(disk().bootId()).isNotBlank().isEqualTo(disk().bootId());
  }

  @Test
  void thereIsRoom() throws IOException {
    assertThat(disk().usableBytes(folder()))
        .isPositive()
        .isLessThanOrEqualTo(disk().totalBytes(folder()));
  }
}
