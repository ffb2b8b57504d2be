package io.tidemark.log.partition;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.log.LogConfig;
import io.tidemark.log.index.IndexCache;
import io.tidemark.log.producer.ProducerBudget;
import io.tidemark.log.recovery.CleanLog;
import io.tidemark.log.recovery.LogKey;
import io.tidemark.log.segment.FileCache;
import io.tidemark.log.segment.SegmentStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All entries of {@code log.dirs} and the logs in them. A node starts with {@link #open}, {@link
 * #identify}, {@link #recover} in this order, from one thread; afterwards calls come from any
 * thread, those about one log from one at a time. Closed by the wiring, which is the clean stop.
 */
public final class LogDirectories implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogDirectories.class);

  private static final long CLOSE_TIMEOUT_MS = 8_000;

  private final LogDirectorySettings settings;
  private final LogResources resources;
  private final FileCache files;
  private final IndexCache indexes;
  private final ProducerBudget producers;
  private final List<LogDirectory> directories = new ArrayList<>();
  private final List<Consumer<LogDirectory>> failureListeners = new CopyOnWriteArrayList<>();
  private @Nullable ScheduledFuture<?> checkpoints;
  private final Map<TopicPartition, LogDirectory> preferred = new ConcurrentHashMap<>();
  private boolean isRecovered;
  private boolean isClosed;

  private LogDirectories(LogDirectorySettings settings, LogResources resources) {
    this.settings = settings;
    this.resources = resources;
    this.files = new FileCache(settings.maxOpenFiles(), resources.time());
    this.indexes = new IndexCache(settings.indexCacheBytes());
    this.producers = new ProducerBudget(settings.maxProducers());
  }

  /**
   * Creates the folders where absent, takes them for this process and reads whom they belong to. A
   * directory whose disk fails is offline from the start.
   *
   * @throws WrongDirectoryException one is held by a running process or belongs to another node,
   *     two belong to different clusters, or none can be used
   */
  public static LogDirectories open(
      List<Path> paths, LogDirectorySettings settings, LogResources resources) {
    LogDirectories all = new LogDirectories(settings, resources);
    try {
      all.openAll(paths);
      return all;
    } catch (RuntimeException e) {
      all.directories.forEach(LogDirectory::unlock);
      throw e;
    }
  }

  private void openAll(List<Path> paths) {
    SegmentStore store = new SegmentStore(resources.disk(), files, indexes);
    for (Path path : paths) {
      LogDirectory directory =
          new LogDirectory(path, settings, resources, store, producers, this::directoryFailed);
      directories.add(directory);
      guarded(directory, "opening", directory::open);
    }
    if (directories.stream().noneMatch(LogDirectory::isOnline)) {
      throw new WrongDirectoryException(
          "No log directory can be used: "
              + directories.stream().map(d -> d + ": " + d.failure()).toList());
    }
    long clusters =
        directories.stream()
            .map(LogDirectory::clusterId)
            .filter(id -> id != null)
            .distinct()
            .count();
    if (clusters > 1) {
      throw new WrongDirectoryException(
          "The log directories belong to different clusters: "
              + directories.stream().map(d -> d + ": " + d.clusterId()).toList());
    }
  }

  /** Work on a directory whose failure takes only that directory down. */
  @FunctionalInterface
  private interface DirectoryWork {
    void run() throws IOException;
  }

  private static void guarded(LogDirectory directory, String what, DirectoryWork work) {
    if (!directory.isOnline()) {
      return;
    }
    try {
      work.run();
    } catch (IOException e) {
      directory.fail(what + " failed: " + e);
    }
  }

  private void directoryFailed(LogDirectory directory) {
    failureListeners.forEach(listener -> listener.accept(directory));
  }

  /**
   * Tells of directories that fail from now on; the listener is called by any thread, once each.
   */
  public void onDirectoryFailure(Consumer<LogDirectory> listener) {
    failureListeners.add(listener);
  }

  /** The cluster the folders belong to; empty before the first start. */
  public Optional<String> clusterId() {
    return directories.stream()
        .map(LogDirectory::clusterId)
        .flatMap(id -> Optional.ofNullable(id).stream())
        .findFirst();
  }

  /**
   * Writes into new folders to whom they belong, and compares with the others.
   *
   * @throws WrongDirectoryException a folder belongs to another cluster
   */
  public void identify(String clusterId) {
    for (LogDirectory directory : directories) {
      guarded(directory, "writing meta.properties", () -> directory.identify(clusterId));
    }
  }

  /**
   * Loads all logs, each directory's on its own threads, and waits for them. A log that cannot be
   * used is offline with the reason, see {@link LogDirectory#offlineLogs}.
   *
   * @param configs of a topic by name, as far as known
   */
  public void recover(Function<String, LogConfig> configs) {
    MovedLogs moved = new MovedLogs(resources.disk());
    for (LogDirectory directory : directories) {
      guarded(directory, "reading the checkpoints", directory::beginRecovery);
      guarded(directory, "listing", () -> moved.found(directory, scan(directory)));
    }
    List<CompletableFuture<Void>> loads = new ArrayList<>();
    moved
        .scans()
        .forEach((directory, scan) ->
            guarded(
                directory,
                "looking at moved logs",
                () -> loads.addAll(loads(directory, scan, moved, configs))));
    loads.forEach(CompletableFuture::join);
    refuseDoubles();
    isRecovered = true;
    checkpoint();
    long intervalMs = settings.checkpointIntervalMs();
    checkpoints =
        resources
            .timer()
            .scheduleWithFixedDelay(
                this::checkpointLater, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
  }

  /** Of a log that is in two places nobody knows which is the newer: neither is used. */
  private void refuseDoubles() {
    Map<TopicIdPartition, List<LogDirectory>> places = new HashMap<>();
    for (LogDirectory directory : directories) {
      for (TopicIdPartition id : directory.ids()) {
        places.computeIfAbsent(id, key -> new ArrayList<>()).add(directory);
      }
    }
    places.forEach((id, holders) -> {
      if (holders.size() > 1) {
        String reason = "it is in each of %s: all but one must be moved away".formatted(holders);
        holders.forEach(holder -> holder.refuse(id, reason));
      }
    });
  }

  private DirectoryScan scan(LogDirectory directory) throws IOException {
    DirectoryScan scan =
        DirectoryScan.of(resources.disk(), directory.path(), settings.foreignFolders());
    directory.listed();
    return scan;
  }

  /** Unborn folders go before anything is made anew under their names, deleted ones meanwhile. */
  private List<CompletableFuture<Void>> loads(
      LogDirectory directory,
      DirectoryScan scan,
      MovedLogs moved,
      Function<String, LogConfig> configs)
      throws IOException {
    scan.copies().forEach(copy -> directory.foundBroken(copy.id()));
    scan.deleted()
        .forEach(folder -> directory.bulk().execute(() -> directory.removeFolder(folder)));
    Stream<Runnable> removals =
        scan.unborn().stream().map(path -> () -> directory.removeFolder(path));
    List<Runnable> loads = new ArrayList<>();
    for (DirectoryScan.LogFolder found : scan.logs()) {
      switch (moved.judge(found.folder(), found.id())) {
        case MovedLogs.Folder.OfLog() ->
            loads.add(() ->
                directory.load(found.folder(), found.id(), configs.apply(found.id().topic())));
        case MovedLogs.Folder.LeftBehind() ->
            directory.removeLeftBehind(found.folder(), found.id());
        case MovedLogs.Folder.InDoubt(String reason) -> directory.notUsable(found.id(), reason);
      }
    }
    return Stream.concat(removals, loads.stream())
        .map(task -> CompletableFuture.runAsync(task, directory.bulk()))
        .toList();
  }

  private void checkpointLater() {
    files.closeIdle();
    for (LogDirectory directory : directories) {
      try {
        directory.bulk().execute(directory::checkpoint);
      } catch (RejectedExecutionException e) {
        log.debug("Stopping: {} is written when it closes", directory);
      }
    }
  }

  /** Shows the directories and the caches of what is in them. To be called once. */
  public void register(MeterRegistry meters) {
    LogMeters.register(meters, files, indexes);
    producers.register(meters);
    directories.forEach(directory -> LogMeters.register(meters, directory));
  }

  /** Every directory, failed ones too. */
  public List<LogDirectory> directories() {
    return List.copyOf(directories);
  }

  /** The log, online or not; empty when it was not found or could not be loaded. */
  public Optional<PartitionLog> log(TopicIdPartition id) {
    return directories.stream()
        .flatMap(directory -> Optional.ofNullable(directory.log(id)).stream())
        .findFirst();
  }

  public Collection<PartitionLog> logs() {
    return directories.stream().flatMap(directory -> directory.logs().stream()).toList();
  }

  /** Of all logs found or made, those that could not be loaded included. */
  public Collection<TopicIdPartition> ids() {
    return directories.stream().flatMap(directory -> directory.ids().stream()).toList();
  }

  /**
   * The log of a partition, created where there is room when it is nowhere.
   *
   * @throws KafkaStorageException it is here but offline, or it may lie in a directory that failed
   *     before it was read, or no directory can take it
   */
  public PartitionLog create(TopicIdPartition id, LogConfig config) {
    return create(id, config, false);
  }

  /**
   * As {@link #create(TopicIdPartition, LogConfig)}.
   *
   * @param isNew the partition has never been on this node, so that a failed directory cannot have
   *     it
   */
  public synchronized PartitionLog create(TopicIdPartition id, LogConfig config, boolean isNew) {
    Optional<PartitionLog> existing = log(id);
    if (existing.isPresent()) {
      return existing.get();
    }
    for (LogDirectory directory : directories) {
      String reason = directory.offlineReason(id);
      if (reason != null) {
        throw new KafkaStorageException("%s is offline: %s".formatted(id, reason));
      }
    }
    return home(id, isNew).create(id, config);
  }

  /** Where it was before it had a folder; else where there is room. */
  private LogDirectory home(TopicIdPartition id, boolean isNew) {
    for (LogDirectory directory : directories) {
      if (directory.isOnline() && directory.isListed() && directory.isAbsent(id)) {
        return directory;
      }
    }
    for (LogDirectory directory : directories) {
      if (!isNew && !directory.isListed()) {
        throw new KafkaStorageException(
            "%s may be in %s, which could not be read".formatted(id, directory));
      }
    }
    LogDirectory wanted = preferred.remove(id.topicPartition());
    return wanted != null && wanted.isOnline() ? wanted : roomiest();
  }

  /** A partition that is not here yet is to be made in this directory when it comes. */
  public void prefer(TopicPartition partition, LogDirectory directory) {
    preferred.put(partition, directory);
  }

  private LogDirectory roomiest() {
    return directories.stream()
        .filter(LogDirectory::isOnline)
        .min(
            Comparator.comparing(LogDirectory::isNearlyFull)
                .thenComparingInt(LogDirectory::logCount))
        .orElseThrow(() -> new KafkaStorageException("Every log directory is offline"));
  }

  /** Every log that is to be on this node has been created or found. */
  public void settled() {
    directories.forEach(LogDirectory::forgetAbsent);
  }

  /**
   * Begins a copy of a log in another directory; one at a time of each log.
   *
   * @throws KafkaStorageException the log is not here any more, there is no room, something is in
   *     the way, or the disk has failed
   */
  public LogCopy beginCopy(PartitionLog source, LogDirectory to) {
    LogDirectory from =
        directories.stream()
            .filter(directory -> directory.log(source.id()) == source)
            .findFirst()
            .orElseThrow(() -> new KafkaStorageException(source.id() + " is not here any more"));
    return to.beginCopy(source, from);
  }

  /** Copies that were under way when the last process ended, and where. */
  public Map<TopicIdPartition, Path> brokenCopies() {
    Map<TopicIdPartition, Path> broken = new HashMap<>();
    for (LogDirectory directory : directories) {
      directory.brokenCopies().forEach(id -> broken.put(id, directory.path()));
    }
    return broken;
  }

  /** Nobody goes on with a copy that was under way. */
  public void discardBrokenCopy(TopicIdPartition id) {
    directories.forEach(directory -> directory.discardBrokenCopy(id));
  }

  /** Takes a log away; its files go after {@code file.delete.delay.ms}. Absent is no error. */
  public synchronized void delete(TopicIdPartition id) {
    directories.forEach(directory -> directory.delete(id));
  }

  /** Writes the checkpoints of all directories now. */
  public void checkpoint() {
    directories.forEach(LogDirectory::checkpoint);
  }

  /**
   * The quorum knows how the last process ended: from now on the next one is judged by this start.
   * To be called once the node is registered; until then an unclean stop stays one.
   */
  public void markTrusted() {
    for (LogDirectory directory : directories) {
      guarded(directory, "writing the boot id", directory::markTrusted);
    }
  }

  /** The clean stop: everything is forced and noted. To be called when nobody appends any more. */
  @Override
  public void close() {
    close(CLOSE_TIMEOUT_MS, Set.of());
  }

  /**
   * The clean stop of what can be stopped in time. A directory that cannot is left as it is and
   * keeps its lock: the next start finds no clean mark there and checks its logs.
   *
   * @param stillWritten directories whose logs somebody may be appending to, left at once
   */
  public void close(long timeoutMs, Set<Path> stillWritten) {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (checkpoints != null) {
      checkpoints.cancel(false);
    }
    List<LogDirectory> quiet =
        directories.stream().filter(each -> !stillWritten.contains(each.path())).toList();
    long deadlineNs = resources.time().nanoseconds() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    List<LogDirectory> closed =
        isRecovered
            ? quiet.stream().map(this::closing).toList().stream()
                .filter(closing -> finish(closing, deadlineNs))
                .map(Closing::directory)
                .toList()
            : quiet;
    if (closed.size() == directories.size()) {
      files.close();
    }
    closed.forEach(LogDirectory::unlock);
  }

  private boolean finish(Closing closing, long deadlineNs) {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(closing.closes.toArray(CompletableFuture<?>[]::new));
    try {
      if (!all.isDone()) {
        resources.time().waitForFuture(all, deadlineNs);
      }
      closing.directory.finishCleanly(closing.closed);
      return true;
    } catch (TimeoutException e) {
      log.warn(
          "Log directory {} could not be closed in time; the next start checks its logs",
          closing.directory);
    } catch (ExecutionException e) {
      log.warn("Log directory {} could not be closed: {}", closing.directory, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /** A directory whose logs are being closed on its threads. */
  private record Closing(
      LogDirectory directory, Map<LogKey, CleanLog> closed, List<CompletableFuture<Void>> closes) {}

  private Closing closing(LogDirectory directory) {
    Map<LogKey, CleanLog> closed = new ConcurrentHashMap<>();
    Stream<Runnable> closes =
        directory.logs().stream()
            .filter(each -> each.offlineReason() == null)
            .map(each -> () -> close(directory, each, closed));
    return new Closing(
        directory,
        closed,
        Stream.concat(Stream.<Runnable>of(directory::forgetLeftBehind), closes)
            .map(task -> CompletableFuture.runAsync(task, directory.bulk()))
            .toList());
  }

  private static void close(
      LogDirectory directory, PartitionLog each, Map<LogKey, CleanLog> closed) {
    try {
      closed.put(LogKey.of(each.id()), each.closeCleanly());
    } catch (IOException | RuntimeException e) {
      log.warn("{} in {} could not be closed cleanly: {}", each.id(), directory, e.getMessage());
    }
  }
}
