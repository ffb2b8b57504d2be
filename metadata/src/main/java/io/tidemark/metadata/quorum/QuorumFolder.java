package io.tidemark.metadata.quorum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Locale;
import java.util.UUID;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a voter: who holds it, whose it is, and a little space kept back.
 *
 * <pre>
 *   lock      held while the voter runs
 *   node      the node id, written at the first start
 *   membership  absent where the voter is one of the configured ones from the start; else how it
 *             stands to the quorum it came to later: joining, joined, outside
 *   reserve   zeros; given up when the disk is nearly full, so that what frees space can still be
 *             written down (deletions, manifests)
 *   &lt;uuid&gt;/   the Raft log, its vote and its snapshots, kept by Ratis
 * </pre>
 *
 * <p>Closed by the quorum. {@link #checkSpace} is called by one thread.
 */
final class QuorumFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QuorumFolder.class);
  static final long RESERVE_BYTES = 8L << 20;
  static final long LOW_BYTES = 16L << 20;

  /** How the voter came to the quorum; read at its start. */
  enum Membership {
    /** Formed it with the configured voters, or is about to. */
    FOUNDER,
    /** Its quorum exists; it asks to be let in. */
    JOINING,
    JOINED,
    /** Was removed, or waits until somebody adds it. */
    OUTSIDE
  }

  private final Path directory;
  private final FileChannel lock;
  private final ToLongFunction<Path> freeBytes;
  private boolean hasReserve;

  private QuorumFolder(Path directory, FileChannel lock, ToLongFunction<Path> freeBytes) {
    this.directory = directory;
    this.lock = lock;
    this.freeBytes = freeBytes;
  }

  /**
   * Takes hold of a folder, preparing it at the first start. On a disk that is nearly full the
   * reserve is given up at once, or not made: the node has to start so that it can free space.
   *
   * @throws IOException with a message for the operator: not writable, full, held, another node's
   */
  static QuorumFolder open(Path directory, int nodeId) throws IOException {
    return open(directory, nodeId, QuorumFolder::freeBytes);
  }

  static QuorumFolder open(Path directory, int nodeId, ToLongFunction<Path> freeBytes)
      throws IOException {
    FileChannel lock = null;
    try {
      createDirectories(directory);
      lock = lock(directory);
      QuorumFolder folder = new QuorumFolder(directory, lock, freeBytes);
      folder.claim(nodeId);
      folder.findReserve();
      folder.checkSpace();
      return folder;
    } catch (IOException e) {
      if (lock != null) {
        lock.close();
      }
      throw explained(directory, e);
    }
  }

  private static IOException explained(Path directory, IOException e) {
    if (e instanceof RefusedException) {
      return e;
    }
    String reason =
        freeBytes(directory) < RESERVE_BYTES
            ? "the disk is full; free at least %d MiB".formatted(LOW_BYTES >> 20)
            : "it must be a folder this process may write to";
    return new IOException(
        "Cannot use the metadata folder %s (metadata.log.dir): %s (%s)"
            .formatted(directory, reason, e),
        e);
  }

  /** A refusal that already says everything. */
  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  private static void createDirectories(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (FileAlreadyExistsException e) {
      throw new RefusedException(
          "Cannot use the metadata folder %s (metadata.log.dir): it is a file"
              .formatted(directory));
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isHeld(channel)) {
      channel.close();
      throw new RefusedException(
          "The metadata folder %s is held by another running node".formatted(directory));
    }
    return channel;
  }

  private static boolean isHeld(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void claim(int nodeId) throws IOException {
    Path file = directory.resolve("node");
    String mine = Integer.toString(nodeId);
    if (!Files.exists(file)) {
      write(file, mine);
      return;
    }
    String owner = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (!owner.equals(mine)) {
      throw new RefusedException(
          "The metadata folder %s belongs to node %s, this is node %s"
              .formatted(directory, owner, mine));
    }
  }

  private static void write(Path file, String line) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(written, line + "\n");
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  Membership membership() throws IOException {
    Path file = directory.resolve("membership");
    if (!Files.exists(file)) {
      return Membership.FOUNDER;
    }
    String line = Files.readString(file, StandardCharsets.UTF_8).strip();
    return switch (line) {
      case "joining" -> Membership.JOINING;
      case "joined" -> Membership.JOINED;
      case "outside" -> Membership.OUTSIDE;
      default ->
          throw new RefusedException("'%s' in %s is of a later release".formatted(line, file));
    };
  }

  /** Notes how the voter stands from now on; durable before this returns. */
  void become(Membership membership) throws IOException {
    write(directory.resolve("membership"), membership.name().toLowerCase(Locale.ROOT));
  }

  /** Whether a log and a vote are here, even if nothing was written to them yet. */
  boolean hasLog(UUID group) {
    return Files.isDirectory(directory.resolve(group.toString()));
  }

  /** Forgets the log, the vote and the snapshots of a voter that is none any more. */
  void forgetLog(UUID group) throws IOException {
    Path log = directory.resolve(group.toString());
    if (!Files.exists(log)) {
      return;
    }
    try (Stream<Path> files = Files.walk(log)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** One that is not whole was cut short by a full disk. */
  private void findReserve() throws IOException {
    Path file = directory.resolve("reserve");
    hasReserve = Files.exists(file) && Files.size(file) == RESERVE_BYTES;
    if (!hasReserve) {
      Files.deleteIfExists(file);
    }
  }

  private void keepReserve() throws IOException {
    Path file = directory.resolve("reserve");
    ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (channel.position() < RESERVE_BYTES) {
        zeros.clear();
        while (zeros.hasRemaining()) {
          channel.write(zeros);
        }
      }
    }
    hasReserve = true;
  }

  /** Gives the reserve up when the disk runs full, and takes it back when there is space again. */
  void checkSpace() {
    long free = freeBytes.applyAsLong(directory);
    if (hasReserve && free < LOW_BYTES) {
      giveUpReserve(free);
    } else if (!hasReserve && free > 2 * LOW_BYTES) {
      takeReserve();
    }
  }

  private void giveUpReserve(long free) {
    try {
      Files.deleteIfExists(directory.resolve("reserve"));
      hasReserve = false;
      LOG.error(
          "The metadata folder {} has {} bytes left; its reserve of {} is given up, free some"
              + " space",
          directory,
          free,
          RESERVE_BYTES);
    } catch (IOException e) {
      LOG.error("The reserve of the metadata folder {} cannot be given up: {}", directory, e);
    }
  }

  private void takeReserve() {
    try {
      keepReserve();
      LOG.debug("The metadata folder {} has its reserve", directory);
    } catch (IOException e) {
      LOG.warn("The reserve of the metadata folder {} cannot be kept: {}", directory, e);
    }
  }

  private static long freeBytes(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("The lock of the metadata folder {} cannot be released: {}", directory, e);
    }
  }
}
