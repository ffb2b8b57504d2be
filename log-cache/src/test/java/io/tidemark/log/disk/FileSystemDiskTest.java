package io.tidemark.log.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemDiskTest extends DiskContract {
  @TempDir Path folder;

  private final Disk disk = new FileSystemDisk();

  @Override
  Path folder() {
    return folder;
  }

  @Override
  Disk disk() {
    return disk;
  }

  @Test
  void errorsThatDoNotSpeakAgainstTheDiskHaveTheirOwnTypes() {
    assertThat(FileSystemDisk.asTyped(new IOException("No space left on device")))
        .isInstanceOf(DiskFullException.class);
    assertThat(FileSystemDisk.asTyped(new IOException("Disk quota exceeded")))
        .isInstanceOf(DiskFullException.class);
    assertThat(FileSystemDisk.asTyped(new FileSystemException("a", null, "Too many open files")))
        .isInstanceOf(TooManyOpenFilesException.class);
    assertThat(FileSystemDisk.asTyped(new NoSuchFileException("No space left on device")))
        .isInstanceOf(NoSuchFileException.class);
    IOException other = new IOException("Input/output error");
    assertThat(FileSystemDisk.asTyped(other)).isSameAs(other);
  }
}
