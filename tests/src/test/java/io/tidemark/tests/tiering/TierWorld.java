package io.tidemark.tests.tiering;

import io.tidemark.log.LogConfig;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.tests.simulation.Simulation;
import io.tidemark.tiering.TieringSettings;
import io.tidemark.tiering.compact.CompactionSettings;
import io.tidemark.tiering.manifest.ManifestDraft;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.ModelManifestCommits;
import io.tidemark.tiering.manifest.WrittenManifest;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.SimulatedObjectStore;
import io.tidemark.tiering.sweep.DeletedTopic;
import io.tidemark.tiering.sweep.DeletedTopics;
import io.tidemark.tiering.upload.Backoff;
import io.tidemark.tiering.upload.UploadAge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** What outlives a node: disk, store, quorum, and what producers were told. */
final class TierWorld {
  static final Path DATA = Path.of("/data");
  static final ObjectKeys KEYS = new ObjectKeys("cluster");

  /** Small segments, short times, so that a minute holds a whole life. */
  static final TieringSettings SETTINGS =
      new TieringSettings(
          2,
          UploadAge.of(5_000),
          4_000,
          3_000,
          15_000,
          60_000,
          200,
          2_000,
          new Backoff(100, 2_000),
          new CompactionSettings(1, 30 * 24, 3_000, 4, 1e6, 1_000));

  static final LogConfig TIERED =
      LogConfig.builder()
          .segmentBytes(1_500)
          .indexIntervalBytes(200)
          .retentionMs(-1)
          .localRetentionMs(2_000)
          .remoteStorageEnable(true)
          .fileDeleteDelayMs(1_000)
          .build();

  /** Compacted in both tiers, with more keys than memory has room for. */
  static final LogConfig COMPACTED =
      TIERED.toBuilder()
          .compact(true)
          .delete(false)
          .minCleanableDirtyRatio(0.1)
          .deleteRetentionMs(3_000)
          .build();

  private final Simulation simulation;
  private final Random random;
  private SimulatedDisk disk;
  private final SimulatedObjectStore store = new SimulatedObjectStore();
  private final WatchedObjectStore storeOfNode;
  private final ModelManifestCommits quorum = new ModelManifestCommits();
  private final Ledger ledger = new Ledger();
  private final Map<String, LogConfig> configs = new HashMap<>();
  private final List<TopicIdPartition> partitions = new ArrayList<>();
  private final Map<TopicIdPartition, Integer> epochs = new HashMap<>();
  private final List<DeletedTopic> deleted = new ArrayList<>();

  /** Led no more since the machine went down. */
  private final Set<TopicIdPartition> crashed = new HashSet<>();

  /** Led no more since their disk was lost. */
  private final Set<TopicIdPartition> wiped = new HashSet<>();

  private @Nullable AssertionError violation;
  private TieringSettings settings = SETTINGS;
  private TierNode node;

  TierWorld(long seed) {
    simulation = new Simulation(seed);
    random = new Random(seed * 31 + 7);
    disk = emptyDisk();
    storeOfNode =
        new WatchedObjectStore(
            store,
            random,
            simulation.time(),
            keys -> holding(() -> OnlyNamedObjectsAreDeleted.check(this, keys)));
    EveryManifestEntryExists afterEveryCommit = new EveryManifestEntryExists();
    quorum.observe(id -> holding(() -> afterEveryCommit.check(this, id)));
    node = TierNode.start(this);
  }

  /** What does not hold in the middle of a step may be caught by the node: it is remembered. */
  private void holding(Runnable theorem) {
    try {
      theorem.run();
    } catch (AssertionError e) {
      violation = violation == null ? e : violation;
      throw e;
    }
  }

  private SimulatedDisk emptyDisk() {
    SimulatedDisk empty = new SimulatedDisk(random);
    empty.createDurableDirectories(DATA);
    return empty;
  }

  // ---- what a node is built on

  Simulation simulation() {
    return simulation;
  }

  RandomGenerator random() {
    return random;
  }

  Time time() {
    return simulation.time();
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** The store as it is, without faults. */
  ObjectStore store() {
    return store;
  }

  SimulatedObjectStore simulatedStore() {
    return store;
  }

  WatchedObjectStore storeOfNode() {
    return storeOfNode;
  }

  ModelManifestCommits quorum() {
    return quorum;
  }

  TieringSettings settings() {
    return settings;
  }

  Ledger ledger() {
    return ledger;
  }

  LogConfig config(String topic) {
    return configs.getOrDefault(topic, TIERED);
  }

  List<TopicIdPartition> partitions() {
    return List.copyOf(partitions);
  }

  int nextEpoch(TopicIdPartition id) {
    int epoch = epochs.merge(id, 1, Integer::sum);
    quorum.elected(id, epoch);
    return epoch;
  }

  DeletedTopics deletedTopics() {
    return new DeletedTopics() {
      @Override
      public List<DeletedTopic> pending() {
        return List.copyOf(deleted);
      }

      @Override
      public CompletableFuture<?> emptied(Uuid topicId) {
        deleted.removeIf(topic -> topic.topicId().equals(topicId));
        return CompletableFuture.completedFuture(null);
      }
    };
  }

  boolean isDeleted(Uuid topicId) {
    return partitions.stream().noneMatch(id -> id.topicId().equals(topicId));
  }

  boolean isEmptied() {
    return deleted.isEmpty();
  }

  // ---- what happens to it

  TierNode node() {
    return node;
  }

  TopicIdPartition create(String topic, LogConfig config) {
    configs.put(topic, config);
    TopicIdPartition id =
        new TopicIdPartition(new Uuid(random.nextLong(), random.nextLong()), 0, topic);
    partitions.add(id);
    quorum.elected(id, 0);
    CompletableFuture<?> led = node.lead(id);
    simulation.runUntil("a leader of " + topic, 60_000, led::isDone);
    return id;
  }

  void configure(String topic, LogConfig config) {
    configs.put(topic, config);
    node.configure(topic, config);
  }

  void delete(TopicIdPartition id) {
    partitions.remove(id);
    quorum.deleted(id);
    ledger.deleted(id);
    deleted.add(new DeletedTopic(id.topicId(), id.topic(), 1));
    node.forget(id);
  }

  /** Leads again soon, unless it needs the store for that and the store is away. */
  private void startNode() {
    node = TierNode.start(this);
    simulation.runFor(20);
  }

  /** From now on segments in the store stay as they were uploaded. */
  void withoutCompaction() {
    settings =
        new TieringSettings(
            SETTINGS.uploadConcurrency(),
            SETTINGS.uploadAge(),
            SETTINGS.deleteDelayMs(),
            SETTINGS.retentionCheckMs(),
            SETTINGS.sweepIntervalMs(),
            SETTINGS.staleUploadAgeMs(),
            SETTINGS.tickMs(),
            SETTINGS.quorumTimeoutMs(),
            SETTINGS.retry(),
            new CompactionSettings(0, 1 << 20, 3_000, 4, 1e6, 1_000));
    stopAndRestart();
  }

  /** The process dies; the page cache stays. */
  void killAndRestart() {
    node.kill();
    disk.killProcess();
    startNode();
  }

  /** The machine goes down: what was not forced may be lost, what is tiered may not. */
  void crashAndRestart() {
    node.kill();
    disk.crash();
    crashed.addAll(partitions);
    startNode();
  }

  /**
   * The partition is led, ending here: what it lost in a crash, and may have lost, is nobody's any
   * more.
   */
  void led(TopicIdPartition id, ReplicaView view) {
    if (!crashed.remove(id)) {
      return;
    }
    if (wiped.remove(id) || view.config().flushMessages() != 1) {
      ledger.mayHaveLostFrom(id, view.logEndOffset());
    }
  }

  /** The node comes back with an empty disk: what is tiered is all there is. */
  void wipeAndRestart() {
    node.kill();
    disk = emptyDisk();
    crashed.addAll(partitions);
    wiped.addAll(partitions);
    startNode();
  }

  /** The node comes back with the disk as it was when the copy was made. */
  void comeBackWith(SimulatedDisk backup) {
    node.kill();
    disk = backup;
    crashed.addAll(partitions);
    wiped.addAll(partitions);
    startNode();
  }

  /** The leader is elected anew while its turn at the store goes on: that one is a zombie's now. */
  void elect(TopicIdPartition id) {
    node.lead(id);
  }

  /** Somebody else, who led a moment ago, commits over the manifest the leader knows. */
  void rival(TopicIdPartition id) {
    ManifestPointer pointer = quorum.pointer(id);
    if (pointer == null) {
      return;
    }
    ManifestDraft draft =
        ManifestDraft.from(KEYS, ColdLog.of(this, id).manifest())
            .markParent(pointer, simulation.wallClockMs());
    try {
      WrittenManifest written =
          new ManifestObjects(store, KEYS)
              .write(
                  draft, pointer, epochs.get(id), new Uuid(random.nextLong(), random.nextLong()));
      quorum.commit(id, epochs.get(id), 1, pointer.version(), written.pointer());
    } catch (ObjectStoreException e) {
      throw new AssertionError("the store itself never fails", e);
    }
  }

  void stopAndRestart() {
    node.close();
    disk.killProcess();
    startNode();
  }

  void heal() {
    storeOfNode.heal();
    quorum.faults(() -> ModelManifestCommits.Fate.ANSWERED);
    disk.heal();
    disk.freed();
  }

  void runFor(long ms) {
    simulation.runFor(ms);
  }

  /** What must hold at any moment. */
  void check() {
    if (violation != null) {
      throw new AssertionError(violation.getMessage(), violation);
    }
    List<Theorem> theorems =
        List.of(
            new EveryManifestEntryExists(),
            new EveryAcknowledgedRecordIsReadable(),
            new EveryKeyHasItsNewestValue(),
            new LogStartNeverGoesBack());
    for (TopicIdPartition id : partitions) {
      for (Theorem theorem : theorems) {
        theorem.check(this, id);
      }
    }
  }

  /** Whether offsets of a topic may be missing. */
  boolean isCompacted(TopicIdPartition id) {
    return config(id.topic()).compact();
  }

  /** What must hold a while after everything healed. */
  void checkQuiet() {
    check();
    NothingUnreferencedSurvives.check(this);
  }
}
