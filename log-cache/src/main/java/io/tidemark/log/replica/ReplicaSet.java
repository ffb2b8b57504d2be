package io.tidemark.log.replica;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.log.LogConfig;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectory;
import io.tidemark.log.partition.PartitionLog;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
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
  private final DirectoryWatch directoryWatch;
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
            new ReplicaMeters(resources.meters()));
    for (LogDirectory directory : directories.directories()) {
      Path path = directory.path();
      DirectoryPace pace = new DirectoryPace(path, resources.writers().apply(path));
      states.put(path, new DirectoryState(directory, pace));
    }
    this.directoryWatch =
        new DirectoryWatch(List.copyOf(states.values()), replicas.values(), resources.time());
    registerGauges(resources.meters());
  }

  private void registerGauges(MeterRegistry meters) {
    Gauge.builder("tidemark.log.replicas", replicas, Map::size)
        .description("Replicas on this node")
        .register(meters);
    Gauge.builder("tidemark.log.replicas.offline", this, ReplicaSet::offlineCount)
        .description("Replicas on this node that cannot serve")
        .register(meters);
    Gauge.builder("tidemark.log.replicas.under.replicated", this, ReplicaSet::underReplicatedCount)
        .description("Partitions led by this node that have fewer replicas in sync than replicas")
        .register(meters);
    Gauge.builder("tidemark.log.tail.cache.bytes", node.tailCache(), TailCache::allocatedBytes)
        .description("Memory taken for batches just appended")
        .baseUnit("bytes")
        .register(meters);
  }

  private long offlineCount() {
    return replicas.values().stream().filter(replica -> !replica.view().isOnline()).count();
  }

  private long underReplicatedCount() {
    return replicas.values().stream()
        .map(Replica::view)
        .filter(view -> view.isLeader() && view.isr().size() < view.replicaCount())
        .count();
  }

  /**
   * Starts the periodic checks: directories, lagging followers, flushes by time, idle producers.
   */
  public void start() {
    ReplicaTicks tasks = new ReplicaTicks(node, replicas.values(), directoryWatch);
    ticks =
        resources
            .timers()
            .scheduleWithFixedDelay(
                tasks, ReplicaTicks.INTERVAL_MS, ReplicaTicks.INTERVAL_MS, TimeUnit.MILLISECONDS);
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
   * The partition's replica, its log opened when it is on disk and created when not. OFFLINE until
   * it is assigned a role. Throws KafkaStorageException when its directory has failed or none is
   * left.
   */
  public Replica createOrOpen(TopicIdPartition id, LogConfig config) {
    Replica known = replicas.get(id);
    if (known != null) {
      return known;
    }
    PartitionLog partitionLog = directories.create(id, config);
    DirectoryState state = states.get(partitionLog.logDirectory());
    if (state == null) {
      throw new IllegalStateException("Unknown log directory " + partitionLog.logDirectory());
    }
    Replica replica = new Replica(partitionLog, state, node);
    replicas.put(id, replica);
    byName.put(id.topicPartition(), replica);
    return replica;
  }

  /**
   * Logs found on disk that no replica was opened for: to be deleted, or kept, once the cluster
   * image is known.
   */
  public Collection<TopicIdPartition> stray() {
    return directories.logs().stream()
        .map(PartitionLog::id)
        .filter(id -> !replicas.containsKey(id))
        .toList();
  }

  /**
   * Deletes the local log, open or stray; idempotent. Its files go after {@code
   * file.delete.delay.ms}.
   */
  public CompletableFuture<Void> delete(TopicIdPartition id) {
    Replica replica = replicas.remove(id);
    if (replica == null) {
      directories.delete(id);
      return CompletableFuture.completedFuture(null);
    }
    byName.remove(id.topicPartition(), replica);
    return replica
        .goOffline(Errors.UNKNOWN_TOPIC_OR_PARTITION, "deleted")
        .thenRun(() -> directories.delete(id));
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
    if (ticks != null) {
      ticks.cancel(false);
    }
    CompletableFuture<?>[] closed =
        replicas.values().stream()
            .map(replica -> replica.goOffline(Errors.NOT_LEADER_OR_FOLLOWER, "shutting down"))
            .toArray(CompletableFuture<?>[]::new);
    awaitClosed(CompletableFuture.allOf(closed));
    directories.close();
  }

  private long closeDeadlineNs() {
    return resources.time().nanoseconds() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MS);
  }

  private void awaitClosed(CompletableFuture<Void> closed) {
    if (closed.isDone()) {
      return;
    }
    try {
      resources.time().waitForFuture(closed, closeDeadlineNs());
    } catch (TimeoutException e) {
      log.warn("Some replicas were still writing after {} ms", CLOSE_TIMEOUT_MS);
    } catch (ExecutionException e) {
      log.warn("Some replica could not be closed: {}", String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
