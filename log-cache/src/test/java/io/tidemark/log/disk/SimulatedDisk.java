package io.tidemark.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that behaves like a real one and, when asked, like a bad one: it loses what was
 * not forced, leaves torn and zeroed tails, is full, fails, is slow, rots. Everything random comes
 * from the given generator. Safe from any thread.
 *
 * <p>Names, those of new folders too, are kept as a journaling file system keeps them: changes of
 * one folder become durable in their order, so that a crash leaves those up to some moment.
 *
 * <p>{@link #killProcess} is the death of the process (all that was written stays, the last write
 * may be cut), {@link #crash} that of the machine.
 */
public final class SimulatedDisk implements Disk {
  static final int SECTOR_BYTES = 512;

  private final RandomGenerator random;
  private final Map<Path, SimulatedContent> files = new TreeMap<>();
  private final Set<Path> directories = new TreeSet<>();
  private final Set<Path> locked = new HashSet<>();

  /** Changes of names that are not durable yet, oldest first. */
  private final List<NameChange> nameChanges = new ArrayList<>();

  private final List<Fault> faults = new ArrayList<>();
  private final List<Slowness> slowness = new ArrayList<>();
  private long capacityBytes = Long.MAX_VALUE;
  private long readBytes;
  private int boots = 1;
  private int generation;
  private Observer observer = Observer.NOBODY;
  private @Nullable SimulatedContent lastWritten;
  private long lastWriteStart;

  /** How a name was before: to be put back when the machine goes down before it is durable. */
  private record NameChange(
      Path directory, Path path, @Nullable SimulatedContent before, boolean isFolder) {
    static NameChange ofFile(Path file, @Nullable SimulatedContent before) {
      return new NameChange(Objects.requireNonNull(file.getParent()), file, before, false);
    }

    static NameChange newFolder(Path folder) {
      return new NameChange(Objects.requireNonNull(folder.getParent()), folder, null, true);
    }
  }

  /** Which calls fail. */
  public enum Call {
    OPEN,
    /** Opening a file that is not there yet, which takes an inode. */
    CREATE,
    READ,
    WRITE,
    FORCE,
    TRUNCATE,
    MOVE,
    DELETE,
    LIST,
    SYNC_DIRECTORY,
    MEASURE
  }

  /** Is shown what is asked for, whether it then fails or not. */
  @FunctionalInterface
  public interface Observer {
    Observer NOBODY = (call, path, detail) -> {};

    /**
     * Shows one call.
     *
     * @param detail its position or size, and a checksum of what it writes
     */
    void called(Call call, Path path, long detail);
  }

  private record Slowness(Call call, Predicate<Path> where, Runnable meanwhile) {}

  @SuppressWarnings("ArrayRecordComponent") // counts down
  private record Fault(
      Call call, Predicate<Path> where, int[] left, Function<String, IOException> error) {}

  public SimulatedDisk(RandomGenerator random) {
    this.random = random;
    directories.add(Path.of("/"));
  }

  /** From now on this one is shown every call; it may not call back. */
  public synchronized void observe(Observer next) {
    observer = next;
  }

  // ---- misbehaviour

  /** From now on calls like these fail with an IO error, this often. */
  public synchronized void fail(Call call, Predicate<Path> where, int times) {
    fail(call, where, times, what -> new IOException("Input/output error: " + what));
  }

  /** From now on calls like these fail with an error of this kind, this often. */
  public synchronized void fail(
      Call call, Predicate<Path> where, int times, Function<String, IOException> error) {
    faults.add(new Fault(call, where, new int[] {times}, error));
  }

  /** As when the process may open no more files: those that are open go on. */
  public synchronized void outOfHandles() {
    for (Call call : List.of(Call.OPEN, Call.LIST, Call.SYNC_DIRECTORY, Call.MEASURE)) {
      fail(call, path -> true, Integer.MAX_VALUE, TooManyOpenFilesException::new);
    }
  }

  /**
   * From now on reads, writes, forces, truncations, moves, deletions and syncs like these run
   * something first: what moves a clock makes them slow, what waits for a latch lets them hang.
   */
  public synchronized void slow(Call call, Predicate<Path> where, Runnable meanwhile) {
    slowness.add(new Slowness(call, where, meanwhile));
  }

  public synchronized void heal() {
    faults.clear();
    slowness.clear();
  }

  /** Called outside the lock, so that one hanging call lets the others pass. */
  void pause(Call call, Path file) {
    List<Slowness> slow;
    synchronized (this) {
      slow = slowness.stream().filter(s -> s.call == call && s.where.test(file)).toList();
    }
    slow.forEach(s -> s.meanwhile.run());
  }

  /** How much fits from now on; at most what is there already is none. */
  public synchronized void capacityBytes(long bytes) {
    capacityBytes = bytes;
  }

  /** Nothing more fits than what is there. */
  public synchronized void full() {
    capacityBytes(usedBytes());
  }

  /** There is room again. */
  public synchronized void freed() {
    capacityBytes(Long.MAX_VALUE);
  }

  /** Another disk with all that is written here: what a backup made now would bring back. */
  public synchronized SimulatedDisk copy() {
    SimulatedDisk copy = new SimulatedDisk(random);
    copy.directories.addAll(directories);
    files.forEach((file, content) -> {
      SimulatedContent copied = new SimulatedContent();
      copied.write(ByteBuffer.wrap(content.all()), 0);
      copied.force();
      copy.files.put(file, copied);
    });
    copy.boots = boots;
    return copy;
  }

  /** Flips one bit of a file, durably. */
  public synchronized void rot(Path file, long position) {
    content(file).flip(position, 1 << random.nextInt(8));
  }

  /** The process died: files and locks are let go, all that was written stays. */
  public synchronized void killProcess() {
    generation++;
    locked.clear();
    heal();
  }

  /** As {@link #killProcess}, in the middle of the last write unless that was forced since. */
  public synchronized void killProcessInWrite() {
    SimulatedContent written = lastWritten;
    if (written != null && written.isDirty() && lastWriteStart < written.sizeBytes()) {
      long sizeBytes = written.sizeBytes() - lastWriteStart;
      written.truncate(lastWriteStart + random.nextLong(sizeBytes + 1));
    }
    killProcess();
  }

  /** The machine went down: of what was not durable, some is there, torn or not, and some not. */
  public synchronized void crash() {
    killProcess();
    boots++;
    int kept = random.nextInt(nameChanges.size() + 1);
    for (int i = nameChanges.size() - 1; i >= kept; i--) {
      undo(nameChanges.get(i));
    }
    nameChanges.clear();
    files.values().forEach(content -> content.crash(random));
  }

  private void undo(NameChange change) {
    if (change.isFolder) {
      directories.removeIf(directory -> directory.startsWith(change.path));
      files.keySet().removeIf(file -> file.startsWith(change.path));
    } else if (change.before == null) {
      files.remove(change.path);
    } else if (directories.contains(change.directory)) {
      files.put(change.path, change.before);
    }
  }

  // ---- the disk

  @Override
  public synchronized DiskFile open(Path file, OpenMode mode) throws IOException {
    misbehave(Call.OPEN, file);
    SimulatedContent content = files.get(file);
    if (content == null) {
      if (mode != OpenMode.CREATE) {
        throw new NoSuchFileException(file.toString());
      }
      misbehave(Call.CREATE, file);
      checkParent(file);
      content = new SimulatedContent();
      changeName(file, content);
    }
    return new SimulatedFile(this, file, content, mode, generation);
  }

  private void checkParent(Path file) throws NoSuchFileException {
    if (!directories.contains(file.getParent())) {
      throw new NoSuchFileException(String.valueOf(file.getParent()));
    }
  }

  private void changeName(Path file, @Nullable SimulatedContent content) {
    SimulatedContent before = content == null ? files.remove(file) : files.put(file, content);
    nameChanges.add(NameChange.ofFile(file, before));
  }

  @Override
  public synchronized List<Path> list(Path directory) throws IOException {
    misbehave(Call.LIST, directory);
    if (!directories.contains(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    List<Path> found = new ArrayList<>();
    files.keySet().stream().filter(path -> directory.equals(path.getParent())).forEach(found::add);
    directories.stream().filter(path -> directory.equals(path.getParent())).forEach(found::add);
    return found;
  }

  @Override
  public synchronized boolean isDirectory(Path path) {
    return directories.contains(path);
  }

  @Override
  public synchronized void createDirectories(Path directory) {
    Path parent = directory.getParent();
    if (parent != null && directories.add(directory)) {
      createDirectories(parent);
      nameChanges.add(NameChange.newFolder(directory));
    }
  }

  @Override
  public synchronized void createDurableDirectories(Path directory) {
    createDirectories(directory);
    nameChanges.removeIf(change -> change.isFolder && directory.startsWith(change.path));
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    pause(Call.MOVE, from);
    moved(from, to);
  }

  private synchronized void moved(Path from, Path to) throws IOException {
    misbehave(Call.MOVE, from);
    if (directories.contains(from)) {
      moveDirectory(from, to);
      return;
    }
    SimulatedContent content = content(from);
    checkParent(to);
    changeName(to, content);
    changeName(from, null);
  }

  /** Durable at once, as nothing here depends on the opposite. */
  private void moveDirectory(Path from, Path to) {
    for (Path file : List.copyOf(files.keySet())) {
      if (file.startsWith(from)) {
        SimulatedContent content = files.remove(file);
        files.put(to.resolve(from.relativize(file)), Objects.requireNonNull(content));
      }
    }
    for (Path directory : List.copyOf(directories)) {
      if (directory.startsWith(from)) {
        directories.remove(directory);
        directories.add(to.resolve(from.relativize(directory)));
      }
    }
    nameChanges.removeIf(change -> change.path.startsWith(from));
  }

  @Override
  public void delete(Path path) throws IOException {
    pause(Call.DELETE, path);
    deleted(path);
  }

  private synchronized void deleted(Path path) throws IOException {
    misbehave(Call.DELETE, path);
    if (directories.contains(path)) {
      if (!list(path).isEmpty()) {
        throw new DirectoryNotEmptyException(path.toString());
      }
      directories.remove(path);
    } else if (files.containsKey(path)) {
      changeName(path, null);
    }
  }

  @Override
  public synchronized boolean exists(Path path) {
    return files.containsKey(path) || directories.contains(path);
  }

  @Override
  public synchronized long sizeBytes(Path file) throws IOException {
    return contentOf(file).sizeBytes();
  }

  @Override
  public synchronized long lastModifiedMs(Path file) throws IOException {
    contentOf(file);
    return 0;
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    pause(Call.SYNC_DIRECTORY, directory);
    synced(directory);
  }

  private synchronized void synced(Path directory) throws IOException {
    misbehave(Call.SYNC_DIRECTORY, directory);
    nameChanges.removeIf(change -> change.directory.equals(directory));
  }

  @Override
  public synchronized long usableBytes(Path directory) throws IOException {
    misbehave(Call.MEASURE, directory);
    return Math.max(0, capacityBytes - usedBytes());
  }

  @Override
  public synchronized long totalBytes(Path directory) {
    return capacityBytes;
  }

  @Override
  public synchronized byte[] readAll(Path file) throws IOException {
    misbehave(Call.OPEN, file);
    misbehave(Call.READ, file);
    return contentOf(file).all();
  }

  @Override
  public void writeAtomically(Path file, ByteBuffer content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (DiskFile written = open(temporary, OpenMode.CREATE)) {
      written.truncate(0);
      written.write(content, 0);
      written.force(true);
    } catch (IOException e) {
      delete(temporary);
      throw e;
    }
    move(temporary, file);
    Path parent = file.getParent();
    if (parent != null) {
      syncDirectory(parent);
    }
  }

  @Override
  public synchronized DirectoryLock lock(Path directory) throws IOException {
    if (!directories.contains(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    if (!locked.add(directory)) {
      throw new DirectoryLockedException(directory + " is held");
    }
    int mine = generation;
    return () -> unlock(directory, mine);
  }

  private synchronized void unlock(Path directory, int holder) {
    if (holder == generation) {
      locked.remove(directory);
    }
  }

  @Override
  public synchronized String bootId() {
    return "boot-" + boots;
  }

  // ---- for its files

  synchronized int read(
      Path file, SimulatedContent content, int opened, ByteBuffer dst, long position)
      throws IOException {
    checkAlive(opened);
    misbehave(Call.READ, file, position);
    int count = content.read(dst, position);
    readBytes += count;
    return count;
  }

  synchronized void write(
      Path file, SimulatedContent content, int opened, ByteBuffer source, long position)
      throws IOException {
    checkAlive(opened);
    long room = capacityBytes == Long.MAX_VALUE ? Long.MAX_VALUE : capacityBytes - usedBytes();
    long growth = Math.max(0, position + source.remaining() - content.sizeBytes());
    lastWritten = content;
    lastWriteStart = position;
    try {
      misbehave(Call.WRITE, file, position ^ checksum(source) << 32);
    } catch (IOException e) {
      // A failed write may have got anywhere.
      content.write(part(source, random.nextInt(source.remaining() + 1)), position);
      throw e;
    }
    if (growth > room) {
      content.write(part(source, (int) Math.max(0, source.remaining() - growth + room)), position);
      throw new DiskFullException("No space left on device");
    }
    content.write(source, position);
  }

  private static long checksum(ByteBuffer source) {
    CRC32C crc = new CRC32C();
    crc.update(source.duplicate());
    return crc.getValue();
  }

  private static ByteBuffer part(ByteBuffer source, int length) {
    return source.slice(source.position(), Math.min(length, source.remaining()));
  }

  synchronized void truncate(Path file, SimulatedContent content, int opened, long sizeBytes)
      throws IOException {
    checkAlive(opened);
    misbehave(Call.TRUNCATE, file, sizeBytes);
    content.truncate(sizeBytes);
  }

  /** Forces the content; not the name, which takes {@link #syncDirectory}. */
  synchronized void force(Path file, SimulatedContent content, int opened) throws IOException {
    checkAlive(opened);
    misbehave(Call.FORCE, file);
    content.force();
  }

  synchronized long sizeBytes(SimulatedContent content, int opened) throws IOException {
    checkAlive(opened);
    return content.sizeBytes();
  }

  private void checkAlive(int opened) throws IOException {
    if (opened != generation) {
      throw new IOException("The process that opened the file is dead");
    }
  }

  private void misbehave(Call call, Path path) throws IOException {
    misbehave(call, path, 0);
  }

  private void misbehave(Call call, Path path, long detail) throws IOException {
    observer.called(call, path, detail);
    for (Fault fault : faults) {
      if (fault.call == call && fault.left[0] > 0 && fault.where.test(path)) {
        fault.left[0]--;
        throw fault.error.apply(call + " " + path);
      }
    }
  }

  /** Bytes read from open files so far. */
  public synchronized long readBytes() {
    return readBytes;
  }

  /** Bytes of all files. */
  public synchronized long usedBytes() {
    return files.values().stream().mapToLong(SimulatedContent::sizeBytes).sum();
  }

  private SimulatedContent contentOf(Path file) throws NoSuchFileException {
    SimulatedContent content = files.get(file);
    if (content == null) {
      throw new NoSuchFileException(file.toString());
    }
    return content;
  }

  private SimulatedContent content(Path file) {
    SimulatedContent content = files.get(file);
    if (content == null) {
      throw new IllegalStateException("No file " + file);
    }
    return content;
  }
}
