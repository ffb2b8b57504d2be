package io.tidemark.log.partition;

import io.tidemark.log.LogConfig;
import io.tidemark.log.disk.DirectoryLock;
import io.tidemark.log.disk.DirectoryLockedException;
import io.tidemark.log.disk.Disk;
import io.tidemark.log.disk.ShortageException;
import io.tidemark.log.producer.ProducerBudget;
import io.tidemark.log.recovery.AbortedRebuild;
import io.tidemark.log.recovery.CleanLog;
import io.tidemark.log.recovery.CorruptLogException;
import io.tidemark.log.recovery.LoadRequest;
import io.tidemark.log.recovery.LoadedLog;
import io.tidemark.log.recovery.LogKey;
import io.tidemark.log.recovery.LogLoader;
import io.tidemark.log.segment.Segment;
import io.tidemark.log.segment.SegmentStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One entry of {@code log.dirs}: a folder held by this process, and the logs in it. When its disk
 * fails it takes them offline, and nobody else's. Queries are safe from any thread; opening,
 * recovery and closing are {@link LogDirectories}' business.
 */
public final class LogDirectory {
  private static final Logger log = LoggerFactory.getLogger(LogDirectory.class);
  private static final long SPACE_CACHED_MS = 1000;

  private final Path path;
  private final LogDirectorySettings settings;
  private final LogResources resources;
  private final SegmentStore store;
  private final ProducerBudget producers;
  private final Executor bulk;
  private final Consumer<LogDirectory> onFailure;
  private final StopMark stopMark;
  private final DirectoryCheckpoints checkpoints;
  private final DirectoryMoves moves;
  private final Map<TopicIdPartition, PartitionLog> logs = new ConcurrentHashMap<>();
  private final Map<TopicIdPartition, String> notLoaded = new ConcurrentHashMap<>();

  // Volatile because they are set while the node starts and read from everywhere.
  private volatile @Nullable DirectoryMeta meta;
  private volatile StopKind stopKind = StopKind.UNCLEAN;
  private volatile @Nullable DirectoryLock lock;
  private volatile @Nullable String failure;
  private volatile boolean isPageCacheWhole;
  private volatile boolean isListed;
  private volatile Space space = new Space(Long.MIN_VALUE, 0, 0);

  /** What a disk had room for at a moment. */
  private record Space(long measuredMs, long usableBytes, long totalBytes) {}

  LogDirectory(
      Path path,
      LogDirectorySettings settings,
      LogResources resources,
      SegmentStore store,
      ProducerBudget producers,
      Consumer<LogDirectory> onFailure) {
    this.path = path;
    this.settings = settings;
    this.resources = resources;
    this.store = store;
    this.producers = producers;
    this.bulk = resources.bulk().apply(path);
    this.onFailure = onFailure;
    this.stopMark = new StopMark(resources.disk(), path);
    this.checkpoints = new DirectoryCheckpoints(resources.disk(), path);
    this.moves = new DirectoryMoves(path, store, this::context);
  }

  public Path path() {
    return path;
  }

  /** Its own id, kept in the folder; {@link Uuid#ZERO_UUID} where it could not be read. */
  public Uuid directoryId() {
    DirectoryMeta known = meta;
    return known == null ? Uuid.ZERO_UUID : known.directoryId();
  }

  /** How the last process that held it ended. */
  public StopKind stopKind() {
    return stopKind;
  }

  /** Why the whole directory is offline; null while it is online. */
  public @Nullable String failure() {
    return failure;
  }

  public boolean isOnline() {
    return failure == null;
  }

  /** Takes all its logs offline, for good: what a failed disk says later is not trusted. */
  public void fail(String reason) {
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = reason;
    }
    log.error("Log directory {} is offline with {} logs: {}", path, logs.size(), reason);
    String why = "log directory " + path + ": " + reason;
    logs.values().forEach(each -> each.offline(why));
    moves.offline(why);
    onFailure.accept(this);
  }

  /** Logs that are here and cannot be used, with the reason. */
  public Map<TopicIdPartition, String> offlineLogs() {
    Map<TopicIdPartition, String> offline = new HashMap<>(notLoaded);
    for (PartitionLog each : logs.values()) {
      String reason = each.offlineReason();
      if (reason != null) {
        offline.put(each.id(), reason);
      }
    }
    return offline;
  }

  /** Free bytes of its disk, at most a second old; 0 once it has failed. */
  public long usableBytes() {
    return measured().usableBytes();
  }

  /** Bytes its disk has room for in all, at most a second old; 0 once it has failed. */
  public long totalBytes() {
    return measured().totalBytes();
  }

  /** As {@link #usableBytes} when somebody last asked: never waits for the disk. */
  public long lastUsableBytes() {
    return space.usableBytes();
  }

  /** As {@link #totalBytes} when somebody last asked: never waits for the disk. */
  public long lastTotalBytes() {
    return space.totalBytes();
  }

  private Space measured() {
    long nowMs = resources.time().hiResClockMs();
    Space seen = space;
    if (nowMs - seen.measuredMs() >= SPACE_CACHED_MS || seen.measuredMs() == Long.MIN_VALUE) {
      seen = measure(nowMs);
      space = seen;
    }
    return seen;
  }

  private Space measure(long nowMs) {
    if (!isOnline()) {
      return new Space(nowMs, 0, 0);
    }
    Disk disk = resources.disk();
    try {
      return new Space(nowMs, disk.usableBytes(path), disk.totalBytes(path));
    } catch (ShortageException e) {
      return new Space(nowMs, space.usableBytes(), space.totalBytes());
    } catch (IOException e) {
      fail("asking for free space failed: " + e);
      return new Space(nowMs, 0, 0);
    }
  }

  /** Whether produce has to wait for room ({@code tidemark.log.dir.min.free.bytes}). */
  public boolean isNearlyFull() {
    return usableBytes() < settings.minFreeBytes();
  }

  /** Platform threads for bulk work on this disk. */
  public Executor bulk() {
    return bulk;
  }

  /** Its logs, offline ones included. */
  public Collection<PartitionLog> logs() {
    return List.copyOf(logs.values());
  }

  /** Why a log that is here cannot be used; null when it can, or is not here. */
  @Nullable String offlineReason(TopicIdPartition id) {
    String reason = notLoaded.get(id);
    PartitionLog each = logs.get(id);
    return reason == null && each != null ? each.offlineReason() : reason;
  }

  /** Whether it was here before the last stop and has no folder. */
  boolean isAbsent(TopicIdPartition id) {
    return checkpoints.isAbsent(LogKey.of(id));
  }

  void forgetAbsent() {
    checkpoints.forgetAbsent();
  }

  /** Of its logs, those that could not be loaded included. */
  Set<TopicIdPartition> ids() {
    Set<TopicIdPartition> ids = new HashSet<>(logs.keySet());
    ids.addAll(notLoaded.keySet());
    return ids;
  }

  /** Whether all its logs are known, usable or not. */
  boolean isListed() {
    return isListed;
  }

  void listed() {
    isListed = true;
  }

  /** Bytes on the disk of logs that could not be loaded; 0 for what cannot even be listed. */
  public Map<TopicIdPartition, Long> notLoadedBytes() {
    Map<TopicIdPartition, Long> sizes = new HashMap<>();
    for (TopicIdPartition id : notLoaded.keySet()) {
      sizes.put(id, sizeOnDisk(path.resolve(LogFolderName.of(id.topicPartition()))));
    }
    return sizes;
  }

  private long sizeOnDisk(Path folder) {
    long sizeBytes = 0;
    try {
      for (Path file : resources.disk().list(folder)) {
        sizeBytes += resources.disk().sizeBytes(file);
      }
    } catch (IOException e) {
      log.debug("{} cannot be measured: {}", folder, e.getMessage());
    }
    return sizeBytes;
  }

  int logCount() {
    return logs.size() + notLoaded.size();
  }

  @Nullable PartitionLog log(TopicIdPartition id) {
    return logs.get(id);
  }

  // ---- starting

  /** Takes the folder and reads whom it belongs to. */
  void open() throws IOException {
    Disk disk = resources.disk();
    disk.createDurableDirectories(path);
    try {
      lock = disk.lock(path);
    } catch (DirectoryLockedException e) {
      throw new WrongDirectoryException(
          "Log directory %s is in use by another node; give each its own log.dirs".formatted(path));
    }
    DirectoryMeta known = DirectoryMeta.read(disk, path);
    if (known != null && known.nodeId() != settings.nodeId()) {
      throw new WrongDirectoryException(
          "Log directory %s belongs to node %d, this is node %d; set node.id or log.dirs"
              .formatted(path, known.nodeId(), settings.nodeId()));
    }
    meta = known;
    stopKind = stopMark.read(known != null);
  }

  @Nullable String clusterId() {
    DirectoryMeta known = meta;
    return known == null ? null : known.clusterId();
  }

  /** Writes to whom the folder belongs, or compares. */
  void identify(String clusterId) throws IOException {
    DirectoryMeta known = meta;
    if (known == null) {
      Uuid directoryId =
          new Uuid(resources.random().nextLong(1, Long.MAX_VALUE), resources.random().nextLong());
      DirectoryMeta made = new DirectoryMeta(clusterId, settings.nodeId(), directoryId);
      made.write(resources.disk(), path);
      meta = made;
    } else if (!known.clusterId().equals(clusterId)) {
      throw new WrongDirectoryException(
          "Log directory %s belongs to cluster %s, this node is in cluster %s; set log.dirs"
              .formatted(path, known.clusterId(), clusterId));
    }
  }

  /** Reads the checkpoints; from here on only a new clean stop is one. */
  void beginRecovery() throws IOException {
    checkpoints.read();
    isPageCacheWhole = stopMark.isSameBoot();
    if (stopKind != StopKind.UNCLEAN) {
      stopMark.writeBootId();
    }
    stopMark.removeCleanMark();
  }

  void markTrusted() throws IOException {
    if (isOnline()) {
      stopMark.writeBootId();
    }
  }

  /** Loads a log of this directory; one that cannot be used is noted with the reason. */
  void load(Path folder, TopicIdPartition id, LogConfig config) {
    checkpoints.found(LogKey.of(id));
    try {
      logs.put(id, opened(folder, id, config));
    } catch (CorruptLogException e) {
      notUsable(id, e.getMessage());
    } catch (IOException | RuntimeException e) {
      notUsable(id, "it cannot be read: " + e);
    }
  }

  /** Lets go of a log that was loaded and cannot be used all the same. */
  void refuse(TopicIdPartition id, String reason) {
    PartitionLog loaded = logs.remove(id);
    if (loaded != null) {
      loaded.close(reason);
    }
    notUsable(id, reason);
  }

  /** Takes note of a log that is here and cannot be used. */
  void notUsable(TopicIdPartition id, @Nullable String reason) {
    log.error("{} in {} is offline: {}", id, path, reason);
    notLoaded.put(id, String.valueOf(reason));
  }

  private PartitionLog opened(Path folder, TopicIdPartition id, LogConfig config)
      throws IOException, CorruptLogException {
    LogKey key = LogKey.of(id);
    LogCheckpoints noted = checkpoints.of(key);
    LoadRequest request =
        new LoadRequest(
            folder,
            config,
            checkpoints.cleanLog(key),
            isPageCacheWhole,
            noted.recoveryPoint(),
            noted.logStartOffset());
    AbortedRebuild abortedRebuild = new AbortedRebuild();
    LoadedLog loaded = new LogLoader(store, request, abortedRebuild).load();
    LogPlace place = new LogPlace(path, folder, abortedRebuild, null);
    return new PartitionLog(id, place, context(), config, loaded, noted);
  }

  /**
   * A new log, in memory: its folder is made when it is first written to. One that is noted in the
   * checkpoints and whose folder is gone was taken away by hand: it begins anew where it was known
   * to start, and whoever leads it starts it again at what is in the store.
   */
  PartitionLog create(TopicIdPartition id, LogConfig config) {
    Path folder = path.resolve(LogFolderName.of(id.topicPartition()));
    LogCheckpoints noted = checkpoints.of(LogKey.of(id));
    if (noted.recoveryPoint() > noted.logStartOffset()) {
      log.warn("{} is gone, it held {} up to offset {}", folder, id, noted.recoveryPoint());
    }
    long start = noted.logStartOffset();
    AbortedRebuild abortedRebuild = new AbortedRebuild();
    Segment first = Segment.unmade(store, folder, start, abortedRebuild);
    LogPlace place =
        new LogPlace(path, folder, abortedRebuild, () -> makeFolder(folder, id, first));
    LogCheckpoints anew = new LogCheckpoints(start, start, OptionalLong.empty());
    PartitionLog created =
        new PartitionLog(id, place, context(), config, LogLoader.unmade(first), anew);
    logs.put(id, created);
    checkpoints.found(LogKey.of(id));
    return created;
  }

  /** Without a force: all of it is durable before the first batch is, see {@link LogFlush}. */
  private void makeFolder(Path folder, TopicIdPartition id, Segment first) throws IOException {
    Disk disk = resources.disk();
    if (disk.exists(folder)) {
      free(folder, id);
    }
    disk.createDirectories(folder);
    PartitionMetadata.write(disk, folder, id.topicId());
    first.createFile();
  }

  /**
   * Frees the name of a log. A namesake belongs to a topic that was deleted. Of a folder that
   * nobody owns, what was never written to goes; anything else is kept under another name, for
   * somebody may miss it.
   */
  private void free(Path folder, TopicIdPartition id) throws IOException {
    moves.clear(id);
    for (TopicIdPartition other : ids()) {
      if (other.topicPartition().equals(id.topicPartition()) && !other.equals(id)) {
        log.info("{} is of a deleted topic and gives way to {}", other, id);
        delete(other);
      }
    }
    freeUnowned(folder, id);
  }

  private void freeUnowned(Path folder, TopicIdPartition id) throws IOException {
    Disk disk = resources.disk();
    if (!disk.exists(folder)) {
      return;
    }
    if (DirectoryScan.isUnborn(disk, folder)) {
      for (Path file : disk.list(folder)) {
        disk.delete(file);
      }
      return;
    }
    Path aside = LogFolderName.aside(folder, disk::exists);
    log.warn("{} does not say which topic it belongs to and is kept as {}", folder, aside);
    disk.move(folder, aside);
  }

  private KafkaStorageException writeFailed(String what, IOException e) {
    return context().writeFailed(what, e);
  }

  private LogContext context() {
    return new LogContext(
        store,
        resources.time(),
        resources.timer(),
        bulk,
        settings.producerIdExpirationMs(),
        producers,
        this::fail);
  }

  // ---- moving logs between the directories of the node

  /** A copy that was under way when the last process ended. */
  void foundBroken(TopicIdPartition id) {
    moves.foundBroken(id);
  }

  List<TopicIdPartition> brokenCopies() {
    return moves.broken();
  }

  /** What a log left behind when it moved, found by a start. */
  void removeLeftBehind(Path folder, TopicIdPartition id) throws IOException {
    log.info("{} has moved to another log directory; {} is removed", id, folder);
    moves.remove(id, folder);
  }

  /**
   * Begins a copy of a log of another directory.
   *
   * @throws KafkaStorageException there is no room, something is in the way, or the disk has failed
   */
  LogCopy beginCopy(PartitionLog source, LogDirectory from) {
    TopicIdPartition id = source.id();
    int truncations = source.state().truncations();
    if (ids().stream().anyMatch(other -> other.topicPartition().equals(id.topicPartition()))) {
      throw new KafkaStorageException("%s has a log of the name of %s".formatted(path, id));
    }
    try {
      moves.clear(id);
      freeUnowned(path.resolve(LogFolderName.of(id.topicPartition())), id);
      return new LogCopy(from, this, source, truncations, moves.begin(source));
    } catch (IOException e) {
      throw writeFailed("Beginning a copy of " + id, e);
    }
  }

  /** The copy, whole and forced, is the log from now on. */
  void promote(PartitionLog copy, PartitionLog source) {
    try {
      moves.promote(copy);
    } catch (IOException e) {
      // Either may be found to be the log: nobody may append to the other meanwhile.
      source.offline("it may have moved to " + path);
      throw copy.moveFailed(e);
    }
    copy.takeOver(source);
    logs.put(copy.id(), copy);
    checkpoints.found(LogKey.of(copy.id()));
  }

  /** The log is in another directory from now on. */
  void leftBehind(PartitionLog source) {
    logs.remove(source.id(), source);
    moves.leftBehind(source);
  }

  void discardCopy(PartitionLog copy) {
    discarding(copy.id(), () -> moves.discard(copy));
  }

  void discardBrokenCopy(TopicIdPartition id) {
    discarding(id, () -> moves.discard(id));
  }

  void forget(PartitionLog source) {
    discarding(source.id(), () -> moves.forget(source));
  }

  void forgetLeftBehind() {
    moves.discardLeftBehind();
  }

  @FunctionalInterface
  private interface Discarding {
    void run() throws IOException;
  }

  /** Nothing that is needed is lost when this fails. */
  private void discarding(TopicIdPartition id, Discarding work) {
    try {
      work.run();
    } catch (IOException e) {
      log.warn("What moving {} has left in {} stays: {}", id, path, e.getMessage());
    }
  }

  // ---- deleting

  /** Gives the folder of a log a name that no start takes for one, and removes it later. */
  void delete(TopicIdPartition id) {
    discardBrokenCopy(id);
    PartitionLog deleted = logs.remove(id);
    boolean wasNotLoaded = notLoaded.remove(id) != null;
    if (deleted == null && !wasNotLoaded) {
      return;
    }
    long delayMs = deleted == null ? 0 : deleted.config().fileDeleteDelayMs();
    if (deleted != null) {
      deleted.close("it is deleted");
      if (!deleted.hasFolder()) {
        return;
      }
    }
    Path folder = path.resolve(LogFolderName.of(id.topicPartition()));
    Path renamed = path.resolve(LogFolderName.deleted(id));
    try {
      // Not forced: after a crash the cluster image says once more that it is deleted.
      resources.disk().move(folder, renamed);
    } catch (IOException e) {
      throw writeFailed("Deleting " + folder, e);
    }
    context().later(delayMs, () -> removeFolder(renamed));
  }

  /** Removes a deleted log's files; what cannot be removed is left to the next start. */
  void removeFolder(Path folder) {
    Disk disk = resources.disk();
    try {
      for (Path file : disk.list(folder)) {
        disk.delete(file);
      }
      disk.delete(folder);
    } catch (IOException e) {
      log.warn("Removing {} failed: {}", folder, e.getMessage());
    }
  }

  // ---- running and stopping

  /** Writes the checkpoints; one at a time. */
  synchronized void checkpoint() {
    if (!isOnline()) {
      return;
    }
    try {
      checkpoints.write(logs(), notLoaded.keySet().stream().map(LogKey::of).toList());
    } catch (IOException e) {
      log.warn("{}", writeFailed("Writing the checkpoints of " + path, e).getMessage());
    }
  }

  /** The clean stop of logs that have been closed: checkpoints, then the mark, last of all. */
  synchronized void finishCleanly(Map<LogKey, CleanLog> closed) {
    checkpoint();
    try {
      if (isOnline()) {
        checkpoints.writeCleanStop(closed);
      }
    } catch (IOException e) {
      log.warn("Log directory {} could not be closed cleanly: {}", path, e.getMessage());
    }
  }

  void unlock() {
    DirectoryLock held = lock;
    lock = null;
    if (held == null) {
      return;
    }
    try {
      held.close();
    } catch (IOException e) {
      log.warn("Letting go of {} failed: {}", path, e.getMessage());
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
