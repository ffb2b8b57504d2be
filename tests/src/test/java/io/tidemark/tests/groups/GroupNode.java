package io.tidemark.tests.groups;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.coordinator.ReplicaCoordinatorLog;
import io.tidemark.log.LogConfig;
import io.tidemark.log.clean.CleanerResources;
import io.tidemark.log.clean.CleanerSettings;
import io.tidemark.log.clean.LogCleaner;
import io.tidemark.log.disk.Disk;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectorySettings;
import io.tidemark.log.partition.LogResources;
import io.tidemark.log.replica.IsrChanges;
import io.tidemark.log.replica.IsrProposal;
import io.tidemark.log.replica.IsrResult;
import io.tidemark.log.replica.LeaderAssignment;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaResources;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.replica.ReplicaSettings;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.metadata.coordinator.CoordinatorPlatform;
import io.tidemark.metadata.coordinator.group.GroupConfig;
import io.tidemark.metadata.coordinator.group.GroupCoordinator;
import io.tidemark.metadata.coordinator.group.KnownTopic;
import io.tidemark.metadata.coordinator.group.TopicDirectory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A group coordinator over replicas that lead alone, with their cleaner. What it runs on is the
 * test's; a node that was closed, or whose disk was, is started again with the same disk.
 */
final class GroupNode implements IsrChanges, TopicDirectory, AutoCloseable {
  private static final Uuid OFFSETS_TOPIC = new Uuid(9, 9);

  /**
   * What a node runs on.
   *
   * @param threads run everything there is to run
   */
  record Machine(Disk disk, Path data, Time time, ScheduledExecutorService threads) {}

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Map<String, KnownTopic> topics = new HashMap<>();
  private final Machine machine;
  private final ReplicaSet replicas;
  private final LogCleaner cleaner;
  private final GroupCoordinator coordinator;
  private final LogConfig config;
  private final int partitions;
  private int leaderEpoch;

  GroupNode(
      Machine machine,
      LogConfig config,
      CleanerSettings cleaning,
      GroupConfig groups,
      int partitions) {
    this.machine = machine;
    this.config = config;
    this.partitions = partitions;
    LogDirectories directories =
        LogDirectories.open(
            List.of(machine.data()),
            LogDirectorySettings.defaults(1),
            new LogResources(
                machine.disk(),
                machine.time(),
                new Random(1),
                machine.threads(),
                path -> machine.threads()));
    directories.identify("cluster");
    directories.recover(topic -> config);
    directories.markTrusted();
    replicas =
        new ReplicaSet(
            new ReplicaSettings(1, 30_000, 60_000, 0, 1 << 30),
            directories,
            this,
            new ReplicaResources(
                machine.time(), machine.threads(), path -> machine.threads(), meters));
    cleaner =
        new LogCleaner(
            cleaning,
            replicas::all,
            new CleanerResources(machine.time(), machine.threads(), new Random(2), meters));
    coordinator =
        new GroupCoordinator(
            groups,
            new ReplicaCoordinatorLog(
                partition -> replicas.get(id(partition)),
                new BatchValidator(machine.time()),
                machine.threads(),
                machine.time()),
            this,
            () -> partitions,
            new CoordinatorPlatform(
                machine.threads(), machine.threads(), machine.time(), new Random(3), meters));
    cleaner.start();
  }

  private static TopicIdPartition id(int partition) {
    return new TopicIdPartition(OFFSETS_TOPIC, partition, Topic.GROUP_METADATA_TOPIC_NAME);
  }

  /** Leads all partitions, in an epoch larger than any before. */
  GroupNode lead(int epoch) {
    leaderEpoch = epoch;
    for (int partition = 0; partition < partitions; partition++) {
      Replica replica = replicas.createOrOpen(id(partition), config);
      replica.becomeLeader(new LeaderAssignment(epoch, epoch, List.of(1), List.of(1), 0, 0)).join();
    }
    return this;
  }

  /** Tells the coordinator of it; the groups are there once they have been loaded. */
  GroupNode elect() {
    for (int partition = 0; partition < partitions; partition++) {
      coordinator.onElected(partition, leaderEpoch);
    }
    return this;
  }

  KnownTopic topic(String name, long id) {
    KnownTopic topic = new KnownTopic(new Uuid(7, id), name, 1_000);
    topics.put(name, topic);
    return topic;
  }

  GroupCoordinator coordinator() {
    return coordinator;
  }

  Replica replica(int partition) {
    return replicas.get(id(partition)).orElseThrow();
  }

  @Override
  public @Nullable KnownTopic byName(String name) {
    return topics.get(name);
  }

  @Override
  public @Nullable KnownTopic byId(Uuid id) {
    return topics.values().stream().filter(topic -> topic.id().equals(id)).findFirst().orElse(null);
  }

  @Override
  public CompletableFuture<IsrResult> propose(IsrProposal proposal) {
    return new CompletableFuture<>();
  }

  @Override
  public OptionalLong eligibleNodeEpoch(int nodeId) {
    return OptionalLong.of(1);
  }

  /** The clean stop. */
  @Override
  public void close() {
    coordinator.close();
    cleaner.close();
    replicas.close();
  }
}
