package io.tidemark.log.replica;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.log.LogConfig;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectory;
import io.tidemark.log.partition.PartitionLog;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All replicas of this node, over its log directories. Replicas come and go with the cluster image,
 * so one caller at a time creates and deletes; everything else is safe from any thread.
 */
public final class ReplicaSet implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicaSet.class);
  private static final long CLOSE_TIMEOUT_MS = 8_000;

  private final LogDirectories directories;
  private final ReplicaResources resources;
  private final NodeParts node;
  private final Map<Path, DirectoryState> states = new LinkedHashMap<>();
  private final Map<TopicIdPartition, Replica> replicas = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Replica> byName = new ConcurrentHashMap<>();
  private final Map<TopicIdPartition, String> unavailable = new ConcurrentHashMap<>();
  private final DirectoryWatch directoryWatch;
  private final ReplicaMoves moves;
  private @Nullable ScheduledFuture<?> ticks;

  public ReplicaSet(
      ReplicaSettings settings,
      LogDirectories directories,
      IsrChanges isrChanges,
      ReplicaResources resources) {
    this.directories = directories;
    this.resources = resources;
    this.node =
        new NodeParts(
            settings,
            isrChanges,
            resources.time(),
            new TailCache(settings.tailCacheBytes()),
            new ByteClock(settings.warmBytes()),
            new RefusedProducers(resources.time()),
            new ReplicaMeters(resources.meters()));
    for (LogDirectory directory : directories.directories()) {
      Path path = directory.path();
      DirectoryPace pace = new DirectoryPace(path, resources.writers().apply(path));
      states.put(path, new DirectoryState(directory, pace));
    }
    this.directoryWatch =
        new DirectoryWatch(List.copyOf(states.values()), replicas.values(), resources.time());
    this.moves = new ReplicaMoves(directories, states, resources);
    registerGauges(resources.meters());
  }

  private void registerGauges(MeterRegistry meters) {
    Gauge.builder(
            "tidemark.log.replicas", this, set -> set.replicas.size() + set.unavailable.size())
        .description("Replicas on this node")
        .register(meters);
    Gauge.builder("tidemark.log.replicas.offline", this, ReplicaSet::offlineCount)
        .description("Replicas on this node that cannot serve")
        .register(meters);
    Gauge.builder("tidemark.log.replicas.under.replicated", this, ReplicaSet::underReplicatedCount)
        .description("Partitions led by this node that have fewer replicas in sync than replicas")
        .register(meters);
    Gauge.builder("tidemark.log.directories.failed", this, ReplicaSet::failedDirectories)
        .description("Log directories that have failed and stay offline until a restart")
        .register(meters);
    Gauge.builder("tidemark.log.directories.stalled", this, ReplicaSet::stalledDirectories)
        .description("Log directories that have not answered a write for too long")
        .register(meters);
    directories.register(meters);
    Gauge.builder("tidemark.log.tail.cache.bytes", node.tailCache(), TailCache::allocatedBytes)
        .description("Memory taken for batches just appended")
        .baseUnit("bytes")
        .register(meters);
  }

  private long offlineCount() {
    return unavailable.size()
        + replicas.values().stream().filter(replica -> !replica.view().isOnline()).count();
  }

  private long underReplicatedCount() {
    return replicas.values().stream()
        .map(Replica::view)
        .filter(view -> view.isLeader() && view.isr().size() < view.replicaCount())
        .count();
  }

  private long failedDirectories() {
    return states.values().stream().filter(state -> !state.directory().isOnline()).count();
  }

  private long stalledDirectories() {
    return states.values().stream()
        .filter(state -> state.directory().isOnline() && state.isStalled())
        .count();
  }

  /**
   * Starts the periodic checks: directories, lagging followers, flushes by time, idle producers. To
   * be called once the replicas of the cluster image are there.
   */
  public void start() {
    directories.settled();
    moves.resume(replicas);
    ReplicaTicks tasks = new ReplicaTicks(node, replicas.values(), directoryWatch);
    ticks =
        resources
            .timers()
            .scheduleWithFixedDelay(
                tasks, ReplicaTicks.INTERVAL_MS, ReplicaTicks.INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  /** Told of batches that are refused before there is a replica to ask. */
  public RefusedProducers refusedProducers() {
    return node.refusedProducers();
  }

  public Optional<Replica> get(TopicIdPartition id) {
    return Optional.ofNullable(replicas.get(id));
  }

  /** By topic name, for clients that know no topic ids. */
  public Optional<Replica> byName(TopicPartition partition) {
    return Optional.ofNullable(byName.get(partition));
  }

  public Collection<Replica> all() {
    return List.copyOf(replicas.values());
  }

  /**
   * Why this node holds the partition and has no replica of it: its log could not be loaded, or its
   * directory failed before that. Until it is deleted or the node starts again every request for it
   * gets KAFKA_STORAGE_ERROR.
   */
  public Optional<String> whyUnavailable(TopicIdPartition id) {
    return Optional.ofNullable(unavailable.get(id));
  }

  /** Whether the partition is on this node and its log cannot be used. */
  public boolean hasFailed(TopicIdPartition id) {
    Replica replica = replicas.get(id);
    return replica == null
        ? unavailable.containsKey(id)
        : replica.view().offlineError() == Errors.KAFKA_STORAGE_ERROR;
  }

  /** As {@link #createOrOpen(TopicIdPartition, LogConfig, boolean)} of one that may be here. */
  public Replica createOrOpen(TopicIdPartition id, LogConfig config) {
    return createOrOpen(id, config, false);
  }

  /**
   * The partition's replica, its log opened when it is on disk and created when not. OFFLINE until
   * it is assigned a role. Throws KafkaStorageException when its log cannot be used, its directory
   * has failed or none is left; it is unavailable then.
   *
   * @param isNew it has never been on this node, so that no failed directory can hold it
   */
  public Replica createOrOpen(TopicIdPartition id, LogConfig config, boolean isNew) {
    Replica known = replicas.get(id);
    if (known != null) {
      return known;
    }
    PartitionLog partitionLog = openedLog(id, config, isNew);
    DirectoryState state = states.get(partitionLog.logDirectory());
    if (state == null) {
      throw new IllegalStateException("Unknown log directory " + partitionLog.logDirectory());
    }
    Replica replica = new Replica(partitionLog, state, node);
    replicas.put(id, replica);
    byName.put(id.topicPartition(), replica);
    return replica;
  }

  private PartitionLog openedLog(TopicIdPartition id, LogConfig config, boolean isNew) {
    try {
      PartitionLog opened = directories.create(id, config, isNew);
      unavailable.remove(id);
      return opened;
    } catch (KafkaStorageException e) {
      unavailable.put(id, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /**
   * Logs found on disk that belong to no replica here, loaded or not: to be deleted, or kept, once
   * the cluster image is known.
   */
  public Collection<TopicIdPartition> stray() {
    return directories.ids().stream()
        .filter(id -> !replicas.containsKey(id) && !unavailable.containsKey(id))
        .toList();
  }

  /**
   * Deletes the local log, open or stray, of a partition that is no more; idempotent. Its files go
   * after {@code file.delete.delay.ms}. Who waits is told UNKNOWN_TOPIC_OR_PARTITION.
   */
  public CompletableFuture<Void> delete(TopicIdPartition id) {
    return remove(id, Errors.UNKNOWN_TOPIC_OR_PARTITION, "deleted");
  }

  /**
   * As {@link #delete}, of a partition that lives on at other nodes. Who waits is told
   * NOT_LEADER_OR_FOLLOWER: what was appended may be on the others.
   */
  public CompletableFuture<Void> movedAway(TopicIdPartition id) {
    return remove(id, Errors.NOT_LEADER_OR_FOLLOWER, "moved to other nodes");
  }

  private CompletableFuture<Void> remove(TopicIdPartition id, Errors toWhoWaits, String reason) {
    Replica replica = replicas.remove(id);
    unavailable.remove(id);
    if (replica == null) {
      return CompletableFuture.completedFuture(id).thenAccept(directories::delete);
    }
    byName.remove(id.topicPartition(), replica);
    return moves
        .cancel(id)
        .thenCompose(ended -> replica.goOffline(toWhoWaits, reason))
        .thenRun(() -> directories.delete(id));
  }

  /** The moves between the directories of this node. */
  public ReplicaMoves moves() {
    return moves;
  }

  /** Told of replicas that cannot serve because their directory failed or stalled. */
  public void onDirectoryFailure(DirectoryFailureListener listener) {
    directoryWatch.add(listener);
  }

  /** The directories that do not serve now, with the reason; for heartbeats. */
  public Map<Path, String> unhealthyDirectories() {
    return directoryWatch.unhealthy();
  }

  /**
   * Takes every replica out of service after what is queued, then makes the clean stop of all
   * directories.
   */
  @Override
  public void close() {
    close(CLOSE_TIMEOUT_MS);
  }

  /**
   * As {@link #close()}, within a time. A directory in which a write does not return is left to the
   * next start, which checks it; the others are closed cleanly.
   */
  public void close(long timeoutMs) {
    if (ticks != null) {
      ticks.cancel(false);
    }
    long startedNs = resources.time().nanoseconds();
    CompletableFuture<Void> moving = moves.close();
    Map<Replica, CompletableFuture<Void>> closing = new LinkedHashMap<>();
    replicas
        .values()
        .forEach(replica ->
            closing.put(
                replica, replica.goOffline(Errors.NOT_LEADER_OR_FOLLOWER, "shutting down")));
    // Half of the time for the writes under way, the rest for what has to be forced to the disk.
    awaitClosed(
        CompletableFuture.allOf(
            moving, CompletableFuture.allOf(closing.values().toArray(CompletableFuture<?>[]::new))),
        startedNs + TimeUnit.MILLISECONDS.toNanos(timeoutMs) / 2);
    Set<Path> stillWritten = new HashSet<>();
    closing.forEach((replica, closed) -> {
      if (!closed.isDone()) {
        stillWritten.add(replica.view().logDirectory());
      }
    });
    if (!stillWritten.isEmpty()) {
      log.warn(
          "Writes to {} have not returned; these directories are left unclean and checked at the"
              + " next start",
          stillWritten);
    }
    long elapsedNs = resources.time().nanoseconds() - startedNs;
    directories.close(timeoutMs - TimeUnit.NANOSECONDS.toMillis(elapsedNs), stillWritten);
  }

  private void awaitClosed(CompletableFuture<Void> closed, long deadlineNs) {
    if (closed.isDone()) {
      return;
    }
    try {
      resources.time().waitForFuture(closed, deadlineNs);
    } catch (TimeoutException e) {
      log.debug("Some replicas are still writing");
    } catch (ExecutionException e) {
      log.warn("Some replica could not be closed: {}", String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
