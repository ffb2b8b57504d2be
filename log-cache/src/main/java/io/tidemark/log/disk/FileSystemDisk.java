package io.tidemark.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The real disk. Stateless; safe from any thread. */
public final class FileSystemDisk implements Disk {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String LOCK_FILE = ".lock";
  private static final String TEMPORARY_SUFFIX = ".tmp";

  /** Work on the file system whose errors are given their types. */
  @FunctionalInterface
  interface Work<T extends @org.jspecify.annotations.Nullable Object> {
    T run() throws IOException;
  }

  @Override
  public DiskFile open(Path file, OpenMode mode) throws IOException {
    Set<StandardOpenOption> options =
        switch (mode) {
          case READ -> Set.of(StandardOpenOption.READ);
          case READ_WRITE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
          case CREATE ->
              Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        };
    return typed(() -> new ChannelFile(FileChannel.open(file, options)));
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return typed(() -> {
      try (Stream<Path> entries = Files.list(directory)) {
        return entries.toList();
      } catch (java.io.UncheckedIOException e) {
        throw e.getCause();
      }
    });
  }

  @Override
  public boolean isDirectory(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    typed(() -> Files.createDirectories(directory));
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    typed(() -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
  }

  @Override
  public void delete(Path path) throws IOException {
    typed(() -> Files.deleteIfExists(path));
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public long sizeBytes(Path file) throws IOException {
    return typed(() -> Files.size(file));
  }

  @Override
  public long lastModifiedMs(Path file) throws IOException {
    return typed(() -> Files.getLastModifiedTime(file).toMillis());
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    // A folder opened for reading can be forced on Linux and macOS; nothing else makes its names
    // durable.
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw asTyped(e);
    }
  }

  @Override
  public long usableBytes(Path directory) throws IOException {
    long bytes = directory.toFile().getUsableSpace();
    if (bytes == 0) {
      totalBytes(directory);
    }
    return bytes;
  }

  @Override
  public long totalBytes(Path directory) throws IOException {
    // Not through a FileStore, which reads the table of mounts: that takes a file handle, and when
    // there is none says that there is no such mount.
    long bytes = directory.toFile().getTotalSpace();
    if (bytes == 0) {
      throw new IOException("The file system of " + directory + " cannot be measured");
    }
    return bytes;
  }

  @Override
  public byte[] readAll(Path file) throws IOException {
    return typed(() -> Files.readAllBytes(file));
  }

  @Override
  public void writeAtomically(Path file, ByteBuffer content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
    try (DiskFile written = open(temporary, OpenMode.CREATE)) {
      written.truncate(0);
      written.write(content, 0);
      written.force(true);
    } catch (IOException e) {
      deleteQuietly(temporary, e);
      throw e;
    }
    move(temporary, file);
    Path parent = file.getParent();
    if (parent != null) {
      syncDirectory(parent);
    }
  }

  private void deleteQuietly(Path file, IOException cause) {
    try {
      delete(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  @SuppressWarnings("resource") // the channel lives as long as the lock
  public DirectoryLock lock(Path directory) throws IOException {
    FileChannel channel =
        typed(() ->
            FileChannel.open(
                directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel::close;
      }
    } catch (OverlappingFileLockException e) {
      // this very process holds it: refused below
    } catch (IOException e) {
      channel.close();
      throw asTyped(e);
    }
    channel.close();
    throw new DirectoryLockedException(directory + " is held by a running process");
  }

  @Override
  public String bootId() throws IOException {
    if (Files.exists(BOOT_ID)) {
      return Files.readString(BOOT_ID).strip();
    }
    // Not Linux: every start counts as a new one of the machine, which is safe.
    return "process-"
        + ProcessHandle.current().info().startInstant().map(Object::toString).orElse("unknown")
        + "-"
        + ProcessHandle.current().pid();
  }

  static <T extends @org.jspecify.annotations.Nullable Object> T typed(Work<T> work)
      throws IOException {
    try {
      return work.run();
    } catch (IOException e) {
      throw asTyped(e);
    }
  }

  /** The errors that do not speak against the disk have their own types. */
  static IOException asTyped(IOException e) {
    if (e instanceof NoSuchFileException) {
      return e;
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    String lower = reason == null ? "" : reason.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left") || lower.contains("quota exceeded")) {
      return withCause(new DiskFullException(String.valueOf(e.getMessage())), e);
    }
    if (lower.contains("too many open files")) {
      return withCause(new TooManyOpenFilesException(String.valueOf(e.getMessage())), e);
    }
    return e;
  }

  private static IOException withCause(IOException typed, IOException cause) {
    typed.initCause(cause);
    return typed;
  }
}
