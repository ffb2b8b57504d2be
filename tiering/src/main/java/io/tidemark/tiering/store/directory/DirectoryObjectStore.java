package io.tidemark.tiering.store.directory;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.disk.DiskFile;
import io.tidemark.log.disk.OpenMode;
import io.tidemark.tiering.store.KeyRules;
import io.tidemark.tiering.store.ListPage;
import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below a root folder, which several processes may share.
 *
 * <p>A put writes to {@code .incoming/}, forces the file, renames it into place and forces the
 * folders, so an object is there whole and durably, or not at all. What a crash leaves in {@code
 * .incoming/} is removed by {@link #abortStaleUploads}. Folders that become empty are removed.
 *
 * <p>The caller's (virtual) thread waits while the disk is used by a thread of {@code io}, which
 * bounds how many wait for it. A key must not be a folder of another key.
 */
public final class DirectoryObjectStore implements ObjectStore {
  private static final String INCOMING = ".incoming";
  private static final int COPY_BYTES = 1024 * 1024;
  private static final int ATTEMPTS = 5;

  private final Disk disk;
  private final Path root;
  private final DiskCalls calls;
  private final Time time;
  private final String uploadPrefix;
  private final AtomicLong uploads = new AtomicLong();

  /** Creates the root folder where absent. */
  public DirectoryObjectStore(
      Disk disk, Path root, Executor io, Time time, RandomGenerator random) {
    this.disk = disk;
    this.root = root.toAbsolutePath().normalize();
    this.calls = new DiskCalls(io);
    this.time = time;
    this.uploadPrefix = "%016x-".formatted((Long) random.nextLong());
  }

  @Override
  public void put(String key, ObjectContent content) throws ObjectStoreException {
    Path target = path(key);
    String what = "put " + key;
    Path incoming = root.resolve(INCOMING);
    Path file = incoming.resolve(uploadPrefix + uploads.incrementAndGet());
    calls.run(what, () -> disk.createDirectories(incoming));
    try {
      write(what, file, content);
      calls.run(what, () -> publish(file, target));
    } catch (ObjectStoreException | RuntimeException e) {
      deleteQuietly(file, e);
      throw e;
    }
  }

  /** Piece by piece, so that an upload takes turns with reads at the disk's threads. */
  private void write(String what, Path file, ObjectContent content) throws ObjectStoreException {
    long sizeBytes = content.sizeBytes();
    ByteBuffer buffer =
        ByteBuffer.allocateDirect((int) Math.min(COPY_BYTES, Math.max(1, sizeBytes)));
    DiskFile written = calls.call(what, () -> disk.open(file, OpenMode.CREATE));
    try {
      for (long position = 0; position < sizeBytes; position += buffer.limit()) {
        read(
            content,
            buffer.clear().limit((int) Math.min(COPY_BYTES, sizeBytes - position)),
            position);
        long at = position;
        calls.run(what, () -> written.write(buffer.flip(), at));
      }
      calls.run(what, () -> written.force(true));
    } finally {
      calls.run(what, written::close);
    }
  }

  private static void read(ObjectContent content, ByteBuffer buffer, long position)
      throws ObjectStoreException {
    try {
      content.read(buffer, position);
    } catch (IOException e) {
      throw new ObjectStoreException(Kind.CONTENT, "content: " + e.getMessage(), e);
    }
  }

  /** Beside a delete that removes the folder as it becomes empty, this takes another attempt. */
  private void publish(Path file, Path target) throws IOException {
    Path folder = parent(target);
    for (int attempt = 1; ; attempt++) {
      Path existing = nearestExisting(folder);
      try {
        disk.createDirectories(folder);
        disk.move(file, target);
        for (Path changed = folder; ; changed = parent(changed)) {
          disk.syncDirectory(changed);
          if (changed.equals(existing)) {
            return;
          }
        }
      } catch (NoSuchFileException e) {
        if (attempt == ATTEMPTS || (!disk.exists(file) && !disk.exists(target))) {
          throw e;
        }
        if (!disk.exists(file)) {
          return;
        }
      }
    }
  }

  private Path nearestExisting(Path folder) {
    Path existing = folder;
    while (!existing.equals(root) && !disk.exists(existing)) {
      existing = parent(existing);
    }
    return existing;
  }

  @Override
  public void read(String key, long position, ByteBuffer dst) throws ObjectStoreException {
    Path file = path(key);
    int start = dst.position();
    try {
      calls.run("read " + key, () -> readFile(file, position, dst));
    } finally {
      dst.position(dst.hasRemaining() ? start : dst.limit());
    }
  }

  private void readFile(Path file, long position, ByteBuffer dst)
      throws IOException, ObjectStoreException {
    int wanted = dst.remaining();
    try (DiskFile opened = disk.open(file, OpenMode.READ)) {
      int length = opened.read(dst, position);
      if (length != wanted) {
        throw new ObjectStoreException(
            Kind.CORRUPT,
            "%s has %d of %d bytes at %d"
                .formatted(root.relativize(file), length, wanted, position));
      }
    }
  }

  @Override
  public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
    Path file = path(key);
    try {
      return Optional.of(new ObjectInfo(key, calls.call("head " + key, () -> sizeBytes(file))));
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private long sizeBytes(Path file) throws IOException {
    if (disk.isDirectory(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return disk.sizeBytes(file);
  }

  @Override
  public void delete(List<String> keys) throws ObjectStoreException {
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(keys.size() + " keys");
    }
    List<Path> files = keys.stream().map(this::path).toList();
    calls.run(
        "delete",
        () -> {
          for (Path file : files) {
            disk.delete(file);
            deleteEmptyFolders(parent(file));
          }
        });
  }

  private void deleteEmptyFolders(Path folder) throws IOException {
    for (Path empty = folder; !empty.equals(root); empty = parent(empty)) {
      try {
        if (!disk.list(empty).isEmpty()) {
          disk.syncDirectory(empty);
          return;
        }
        disk.delete(empty);
      } catch (IOException e) {
        // Gone already, or something was put into it just now.
      }
    }
  }

  @Override
  public ListPage list(String prefix, @Nullable String startAfter, int max)
      throws ObjectStoreException {
    KeyRules.checkPrefix(prefix);
    int limit = Math.min(max, MAX_KEYS);
    return calls.call(
        "list " + prefix, () -> new KeyWalk(disk, root, prefix, startAfter, limit).page());
  }

  @Override
  public int abortStaleUploads(String prefix, Duration olderThan) throws ObjectStoreException {
    // Uploads do not know their key: any that is stale goes, whatever the prefix.
    return calls.call("abort stale uploads", () -> deleteStale(olderThan.toMillis()));
  }

  private int deleteStale(long olderThanMs) throws IOException {
    Path incoming = root.resolve(INCOMING);
    if (!disk.exists(incoming)) {
      return 0;
    }
    int count = 0;
    for (Path file : disk.list(incoming)) {
      try {
        if (disk.lastModifiedMs(file) <= time.milliseconds() - olderThanMs) {
          disk.delete(file);
          count++;
        }
      } catch (NoSuchFileException e) {
        // Its upload has just ended.
      }
    }
    return count;
  }

  @Override
  public String address() {
    return root.toUri().toString();
  }

  @Override
  public void close() {}

  private Path path(String key) {
    return root.resolve(KeyRules.checkKey(key));
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalStateException(path + " has no parent");
    }
    return parent;
  }

  private void deleteQuietly(Path file, Exception cause) {
    try {
      calls.run("delete " + file, () -> disk.delete(file));
    } catch (ObjectStoreException e) {
      cause.addSuppressed(e);
    }
  }
}
