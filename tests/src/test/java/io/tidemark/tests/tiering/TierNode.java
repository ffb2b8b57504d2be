package io.tidemark.tests.tiering;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.clean.CleanerResources;
import io.tidemark.log.clean.CleanerSettings;
import io.tidemark.log.clean.LogCleaner;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectorySettings;
import io.tidemark.log.partition.LogResources;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.replica.Acks;
import io.tidemark.log.replica.AppendListener;
import io.tidemark.log.replica.AppendOutcome;
import io.tidemark.log.replica.IsrChanges;
import io.tidemark.log.replica.IsrProposal;
import io.tidemark.log.replica.IsrResult;
import io.tidemark.log.replica.LeaderAssignment;
import io.tidemark.log.replica.LogBehindTierException;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaResources;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.replica.ReplicaSettings;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.log.validate.InvalidBatchException;
import io.tidemark.log.validate.ValidatedBatches;
import io.tidemark.tests.simulation.SimulatedProcess;
import io.tidemark.tiering.ColdTier;
import io.tidemark.tiering.Tiering;
import io.tidemark.tiering.TieringPlatform;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.manifest.ManifestPointer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/** One life of a node that leads every partition there is. Killed by {@link #kill}, or closed. */
final class TierNode {
  private static final int NODE_ID = 1;
  private static final CleanerSettings CLEANER =
      new CleanerSettings(true, 1, 40 * 24, 0.9, 1e6, 2_500);

  private final TierWorld world;
  private final SimulatedProcess process;
  private final Executor waiting;
  private final Tiering tiering;
  private final LogDirectories directories;
  private final ReplicaSet replicas;
  private final LogCleaner cleaner;
  private boolean killed;

  private TierNode(TierWorld world, SimulatedProcess process, Executor waiting) {
    this.world = world;
    this.process = process;
    this.waiting = waiting;
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Executor bulk = process.pool("bulk");
    var timers = process.thread("timers");
    directories =
        LogDirectories.open(
            List.of(TierWorld.DATA),
            LogDirectorySettings.defaults(NODE_ID),
            new LogResources(
                world.disk(), world.time(), world.random(), timers, directory -> bulk));
    directories.identify("cluster");
    directories.recover(topic -> world.config(topic));
    replicas =
        new ReplicaSet(
            new ReplicaSettings(NODE_ID, 30_000, 5_000, 0, 1 << 20),
            directories,
            new NobodyElse(),
            new ReplicaResources(
                world.time(), timers, directory -> process.thread("writer"), meters));
    ManifestObjects objects = new ManifestObjects(world.storeOfNode(), TierWorld.KEYS);
    tiering =
        new Tiering(
            world.settings(),
            new TieringPlatform(
                world.time(), world.random(), waiting, directory -> bulk, timers, meters),
            world.quorum(),
            new ColdTier(
                world.storeOfNode(),
                TierWorld.KEYS,
                objects,
                new ManifestCache(objects, 1 << 20, Runnable::run, meters),
                () -> 1L,
                world.deletedTopics()));
    cleaner =
        new LogCleaner(
            CLEANER,
            replicas::all,
            new CleanerResources(world.time(), process.thread("cleaner"), world.random(), meters));
    replicas.start();
    tiering.start();
    cleaner.start();
    for (TopicIdPartition id : world.partitions()) {
      lead(id);
    }
  }

  /** Starts a node; the simulation runs until it leads everything. */
  static TierNode start(TierWorld world) {
    SimulatedProcess process = world.simulation().process("node");
    ThreadFactory threads = process.virtualThreads("waiting");
    Executor waiting = task -> threads.newThread(task).start();
    CompletableFuture<TierNode> started = new CompletableFuture<>();
    waiting.execute(() -> {
      try {
        started.complete(new TierNode(world, process, waiting));
      } catch (RuntimeException | Error e) {
        started.completeExceptionally(e);
      }
    });
    world.simulation().runUntil("the start", 3_600_000, started::isDone);
    return started.join();
  }

  /** Runs on a virtual thread of the node. */
  CompletableFuture<@Nullable Void> lead(TopicIdPartition id) {
    CompletableFuture<@Nullable Void> led = new CompletableFuture<>();
    waiting.execute(() -> {
      leadNow(id);
      led.complete(null);
    });
    return led;
  }

  private void leadNow(TopicIdPartition id) {
    Replica replica = replicas.createOrOpen(id, world.config(id.topic()));
    int epoch = world.nextEpoch(id);
    while (!killed) {
      ManifestPointer pointer = world.quorum().pointer(id);
      LeaderAssignment assignment =
          new LeaderAssignment(
              epoch,
              epoch,
              List.of(NODE_ID),
              List.of(NODE_ID),
              pointer == null ? 0 : pointer.tieredOffset(),
              world.quorum().logStartOffset(id));
      try {
        replica.becomeLeader(assignment).join();
        world.led(id, replica.view());
        tiering.start(replica);
        return;
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof LogBehindTierException)) {
          throw e;
        }
        tiering.restart(replica).join();
      }
    }
  }

  boolean leads(TopicIdPartition id) {
    return replicas.get(id).map(replica -> replica.view().isLeader()).orElse(false);
  }

  Replica replica(TopicIdPartition id) {
    return replicas.get(id).orElseThrow();
  }

  Tiering tiering() {
    return tiering;
  }

  /**
   * Appends one batch of values, or of {@link KeyedValue}s where the topic is compacted, and enters
   * it in the ledger when it is acknowledged.
   */
  void append(TopicIdPartition id, List<String> values, long timestampMs) {
    if (!leads(id)) {
      return;
    }
    RecordBatchBuilder batch = new RecordBatchBuilder(CompressionSpec.NONE);
    for (String value : values) {
      if (world.isCompacted(id)) {
        KeyedValue keyed = KeyedValue.parse(value);
        batch.append(timestampMs, keyed.keyBytes(), keyed.valueBytes());
      } else {
        batch.append(timestampMs, null, value.getBytes(StandardCharsets.UTF_8));
      }
    }
    Replica replica = replica(id);
    replica.append(
        valid(batch.build(), replica.view().config()), Acks.ALL, -1, new Entered(id, values));
  }

  private ValidatedBatches valid(ByteBuffer batch, LogConfig config) {
    try {
      return new BatchValidator(world.time()).validate(batch, config, AppendOrigin.CLIENT);
    } catch (InvalidBatchException e) {
      throw new AssertionError("a batch of our own", e);
    }
  }

  private final class Entered implements AppendListener {
    private final TopicIdPartition id;
    private final List<String> values;

    Entered(TopicIdPartition id, List<String> values) {
      this.id = id;
      this.values = values;
    }

    @Override
    public void appended() {}

    @Override
    public void completed(AppendOutcome outcome) {
      if (!killed && outcome instanceof AppendOutcome.Appended appended) {
        for (int i = 0; i < values.size(); i++) {
          world.ledger().acknowledged(id, appended.baseOffset() + i, values.get(i));
        }
      }
    }
  }

  void deleteRecords(TopicIdPartition id, long offset) {
    if (!leads(id)) {
      return;
    }
    tiering
        .advanceLogStart(replica(id), offset)
        .whenComplete((start, failure) -> {
          if (failure == null && !killed) {
            world.ledger().logStartSeen(id, start);
          }
        });
  }

  void configure(String topic, LogConfig config) {
    for (Replica replica : replicas.all()) {
      if (replica.id().topic().equals(topic)) {
        replica.configure(config);
      }
    }
  }

  void forget(TopicIdPartition id) {
    tiering.stop(id);
    tiering.deleted(id);
    replicas.delete(id);
  }

  List<Replica> all() {
    return new ArrayList<>(replicas.all());
  }

  /** Nothing of this life runs any more. */
  void kill() {
    killed = true;
    process.kill();
  }

  /** A clean stop. */
  void close() {
    waiting.execute(() -> {
      tiering.close();
      cleaner.close();
      replicas.close();
      directories.close();
      killed = true;
    });
    world.simulation().runUntil("a clean stop", 60_000, () -> killed);
    process.kill();
  }

  /** There is one node: its replica is the ISR. */
  private static final class NobodyElse implements IsrChanges {
    @Override
    public CompletableFuture<IsrResult> propose(IsrProposal proposal) {
      return new CompletableFuture<>();
    }

    @Override
    public OptionalLong eligibleNodeEpoch(int nodeId) {
      return OptionalLong.of(1);
    }
  }
}
