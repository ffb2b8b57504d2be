package io.tidemark.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The only way from the hot tier to a file system. Safe from any thread; a thread inside a call is
 * never interrupted.
 *
 * <p>What was written survives the death of the process. It survives the death of the machine only
 * after {@link DiskFile#force}, and a created, moved or deleted name only after {@link
 * #syncDirectory}. A full disk is a {@link DiskFullException}, too many open files a {@link
 * TooManyOpenFilesException}, both a {@link ShortageException}; an absent file a {@link
 * java.nio.file.NoSuchFileException}; any other {@link IOException} means that the disk cannot be
 * trusted.
 */
public interface Disk {

  /** Opens a file; the caller closes it. */
  DiskFile open(Path file, OpenMode mode) throws IOException;

  /** The files and folders in a folder, in no particular order. */
  List<Path> list(Path directory) throws IOException;

  boolean isDirectory(Path path);

  /** Creates a folder and its parents where absent; durable once the folders above are synced. */
  void createDirectories(Path directory) throws IOException;

  /** As {@link #createDirectories}, durably. */
  default void createDurableDirectories(Path directory) throws IOException {
    List<Path> parents = new ArrayList<>();
    Path absent = directory.toAbsolutePath();
    for (Path parent = absent.getParent();
        parent != null && !exists(absent);
        parent = parent.getParent()) {
      parents.add(parent);
      absent = parent;
    }
    createDirectories(directory);
    for (Path parent : parents) {
      syncDirectory(parent);
    }
  }

  /** Renames atomically within one file system and replaces what has the name. */
  void move(Path from, Path to) throws IOException;

  /** Deletes a file or an empty folder; an absent one is no error. */
  void delete(Path path) throws IOException;

  boolean exists(Path path);

  long sizeBytes(Path file) throws IOException;

  /** When the file was last written, in ms since the epoch. */
  long lastModifiedMs(Path file) throws IOException;

  /** Makes the names in a folder durable. */
  void syncDirectory(Path directory) throws IOException;

  /** Free bytes of the file system that holds the folder. */
  long usableBytes(Path directory) throws IOException;

  /** Bytes that file system has room for in all. */
  long totalBytes(Path directory) throws IOException;

  byte[] readAll(Path file) throws IOException;

  /**
   * Replaces a file's bytes in place, neither atomically nor durably: for content that knows
   * whether it is whole and can be made again. The buffer's position moves to its limit.
   */
  default void write(Path file, ByteBuffer content) throws IOException {
    int sizeBytes = content.remaining();
    try (DiskFile written = open(file, OpenMode.CREATE)) {
      written.write(content, 0);
      written.truncate(sizeBytes);
    }
  }

  /**
   * Replaces a file by the content, durably: whoever looks, even after a crash, sees the old bytes
   * or the new. The buffer's position moves to its limit.
   */
  void writeAtomically(Path file, ByteBuffer content) throws IOException;

  /**
   * Takes the folder for this process.
   *
   * @throws DirectoryLockedException a running process holds it
   */
  DirectoryLock lock(Path directory) throws IOException;

  /** Changes when the machine starts anew, and only then. */
  String bootId() throws IOException;
}
