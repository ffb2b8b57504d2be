package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.LogKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.log.clean.CleanerResources;
import io.tidemark.log.clean.CleanerSettings;
import io.tidemark.log.clean.LogCleaner;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogResources;
import io.tidemark.log.replica.IsrChanges;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaResources;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.scrub.SegmentScrub;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The hot tier's logs and replicas, with the threads each disk gets. Holds the log directories from
 * its making until it is closed.
 */
final class HotTierWiring implements AutoCloseable {
  private static final long CLOSE_MS = 5_000;

  private final NodeConfig config;
  private final NodePorts ports;
  private final Map<Path, Executor> bulk = new ConcurrentHashMap<>();
  private final Map<Path, Executor> writers = new ConcurrentHashMap<>();
  private final LogDirectories directories;

  /** Locks and reads the log directories; no log is loaded yet. */
  HotTierWiring(NodeConfig config, NodePorts ports) {
    this.config = config;
    this.ports = ports;
    LogResources resources =
        new LogResources(
            ports.disk(), ports.time(), ports.random(), ports.thread("log-timer"), this::bulk);
    this.directories =
        LogDirectories.open(config.logDirs(), NodeSettings.directories(config), resources);
  }

  LogDirectories directories() {
    return directories;
  }

  ReplicaSet openReplicas(
      IsrChanges isrChanges, MeterRegistry meters, StopDeadline deadline, Closer closer) {
    ReplicaResources resources =
        new ReplicaResources(ports.time(), ports.thread("replica-timer"), this::writer, meters);
    ReplicaSet replicas =
        new ReplicaSet(
            NodeSettings.replicas(config, ports.memoryBytes()), directories, isrChanges, resources);
    closer.add("replicas", () -> replicas.close(deadline.allowedMs(CLOSE_MS)));
    return replicas;
  }

  /** The cleaner of compacted logs, not started. */
  LogCleaner openCleaner(ReplicaSet replicas, MeterRegistry meters, Closer closer) {
    CleanerSettings settings = NodeSettings.cleaner(config);
    CleanerResources resources =
        new CleanerResources(
            ports.time(), ports.pool("cleaner", settings.threads()), ports.random(), meters);
    return closer.add("cleaner", new LogCleaner(settings, replicas::all, resources));
  }

  /**
   * The scrub of closed segments, not started.
   *
   * @param onDamage told of a replica that has a damaged segment
   */
  SegmentScrub openScrub(
      ReplicaSet replicas, Consumer<Replica> onDamage, MeterRegistry meters, Closer closer) {
    return closer.add(
        "scrub",
        new SegmentScrub(
            NodeSettings.scrub(config),
            replicas::all,
            onDamage,
            ports.time(),
            ports.thread("scrub"),
            meters));
  }

  /** A directory's threads for bulk work: recovery, uploads, read-ahead. */
  Executor bulk(Path directory) {
    return bulk.computeIfAbsent(
        directory,
        path -> ports.pool("disk-" + path.getFileName(), config.getInt(LogKeys.RECOVERY_THREADS)));
  }

  /** A directory's own thread for appends while it is slow. */
  private Executor writer(Path directory) {
    return writers.computeIfAbsent(directory, path -> ports.thread("writer-" + path.getFileName()));
  }

  @Override
  public void close() {
    directories.close();
  }
}
