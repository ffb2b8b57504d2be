package io.tidemark.tiering;

import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.tiering.manifest.ManifestCommits;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.sweep.TopicSweep;
import io.tidemark.tiering.topic.TopicObject;
import io.tidemark.tiering.topic.TopicObjects;
import io.tidemark.tiering.upload.BoundedWait;
import io.tidemark.tiering.upload.UnansweredException;
import io.tidemark.tiering.verify.TierVerifier;
import io.tidemark.tiering.verify.VerifyProgress;
import io.tidemark.tiering.verify.VerifyReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The life cycle of the data on this node and in the store: uploads, manifest commits, local
 * deletion, retention, the sweep, the emptying of deleted topics, topic objects, verification. One
 * for a node; it also keeps retention where there is no store.
 *
 * <p>All methods may be called from any thread and none waits for the store or the quorum. One
 * timer serves all partitions, each of which costs no thread; work at the store is bounded by
 * {@link TieringSettings#uploadConcurrency}. Closed by the wiring before replicas and store are.
 */
public final class Tiering implements AutoCloseable {
  private static final long METRICS_MS = 5_000;
  private static final long TOPIC_PASS_MS = 5_000;
  private static final int MOST_STOPPED = 1_000;

  private final TieringSettings settings;
  private final TieringPlatform platform;
  private final ManifestCommits commits;
  private final Turns turns;

  /** Apart from the others, so that rewriting never keeps an upload waiting. */
  private final Turns rewrites;

  private final TieringMetrics metrics;
  private final FailureLog failureLog = new FailureLog();
  private final @Nullable ColdWorkshop shop;
  private final @Nullable TopicObjects topicObjects;
  private final @Nullable TopicSweep topicSweep;
  private final Map<TopicIdPartition, PartitionTier> partitions = new ConcurrentHashMap<>();
  private final Map<Path, DirectoryTick> ticks = new ConcurrentHashMap<>();

  /** The last ones stopped: their topic may turn out to be deleted. */
  private final Map<TopicIdPartition, PartitionTier> stopped =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<TopicIdPartition, PartitionTier> eldest) {
              return size() > MOST_STOPPED;
            }
          });

  /** One pass over deleted topics and topic objects at a time. */
  private final AtomicBoolean isPassing = new AtomicBoolean();

  private volatile @Nullable ScheduledFuture<?> timer;
  private volatile boolean isClosed;
  private volatile long nextMetricsMs;
  private volatile long nextPassMs;

  /**
   * Makes the service; {@link #start()} sets it going.
   *
   * @param commits the quorum
   * @param tier null where the node has no store: then only hot retention is kept
   */
  public Tiering(
      TieringSettings settings,
      TieringPlatform platform,
      ManifestCommits commits,
      @Nullable ColdTier tier) {
    this.settings = settings;
    this.platform = platform;
    this.commits = commits;
    this.turns = new Turns(settings.uploadConcurrency(), platform.waiting());
    this.rewrites = new Turns(Math.max(1, settings.compaction().concurrency()), platform.waiting());
    this.metrics = new TieringMetrics(platform.meters(), turns);
    if (tier == null) {
      this.shop = null;
      this.topicObjects = null;
      this.topicSweep = null;
      return;
    }
    this.shop = ColdWorkshop.of(settings, platform, commits, tier, metrics);
    this.topicObjects = new TopicObjects(tier.store(), tier.keys());
    this.topicSweep =
        new TopicSweep(
            tier.store(),
            tier.keys(),
            tier.deletedTopics(),
            new BoundedWait(platform.timer(), settings.quorumTimeoutMs()),
            settings.deleteDelayMs());
  }

  /** Sets the timer going. */
  public void start() {
    timer =
        platform
            .timer()
            .scheduleWithFixedDelay(
                this::tick, settings.tickMs(), settings.tickMs(), TimeUnit.MILLISECONDS);
  }

  /**
   * Takes care of a replica from now on, whatever its role becomes: as leader of everything, as
   * follower of local deletion. Starting one that is started changes nothing.
   */
  public void start(Replica replica) {
    partitions.computeIfAbsent(
        replica.id(),
        id ->
            new PartitionTier(
                replica,
                settings,
                platform,
                metrics,
                failureLog,
                turns,
                rewrites,
                this::advanceLogStart,
                shop));
  }

  /** The replica leaves this node, or closes. Work under way at the store changes nothing more. */
  public void stop(TopicIdPartition id) {
    stop(id, false);
  }

  /** The partition's topic was deleted: what an upload under way still puts is removed again. */
  public void deleted(TopicIdPartition id) {
    stop(id, true);
    if (topicObjects != null) {
      topicObjects.deleted(id.topicId());
    }
  }

  private void stop(TopicIdPartition id, boolean deleted) {
    PartitionTier partition = partitions.remove(id);
    if (partition == null) {
      partition = stopped.get(id);
    }
    if (partition != null) {
      stopped.put(id, partition);
      partition.stop(deleted);
    }
  }

  /** Something outside the replica changed (a topic's settings, the image): look at it soon. */
  public void wake(TopicIdPartition id) {
    PartitionTier partition = partitions.get(id);
    if (partition != null) {
      partition.wake();
    }
  }

  /**
   * DeleteRecords: moves the log start of a partition this node leads to {@code offset}, at most
   * the high watermark, and answers the log start that holds then. It holds once the quorum has
   * committed it, so it never goes back, tiered or not; the store is not needed, what it has below
   * is dropped later.
   */
  public CompletableFuture<Long> advanceLogStart(Replica replica, long offset) {
    ReplicaView view = replica.view();
    return commits
        .advanceLogStart(replica.id(), view.leaderEpoch(), Math.min(offset, view.highWatermark()))
        .thenCompose(replica::advanceLogStart);
  }

  /**
   * Starts the hot log of a replica at the tiered offset of the current manifest, with the lineage
   * and the producers stored there: for one that is empty or ends below it (see {@code
   * LogBehindTierException}). Answers that offset, -1 when nothing was ever tiered. While the
   * quorum or the store cannot be asked it waits and tries again; the replica must not be led
   * meanwhile. Fails when the topic is deleted.
   */
  public CompletableFuture<Long> restart(Replica replica) {
    ColdWorkshop tools = shop;
    if (tools == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("this node has no store"));
    }
    CompletableFuture<Long> result = new CompletableFuture<>();
    platform.waiting().execute(() -> restart(new TierRestart(tools), replica, result));
    return result;
  }

  private void restart(TierRestart restart, Replica replica, CompletableFuture<Long> result) {
    for (int failures = 1; !result.isDone(); failures++) {
      try {
        result.complete(restart.restart(replica));
      } catch (ObjectStoreException | UnansweredException e) {
        if (FailureKind.of(e) == FailureKind.FENCED) {
          result.completeExceptionally(e);
          return;
        }
        failed(FailureKind.RESTART, e);
        platform.time().sleep(settings.retry().delayMs(failures, platform.random()));
        if (isClosed) {
          result.completeExceptionally(e);
        }
      } catch (RuntimeException e) {
        result.completeExceptionally(e);
      }
    }
  }

  /** A tiered topic was created or changed, or is told again after a start. */
  public void topicChanged(TopicObject topic) {
    if (topicObjects != null) {
      topicObjects.changed(topic);
    }
  }

  /** Where the data of each topic is, in the topics' order; partitions this node leads. */
  public List<TopicTier> status() {
    Map<Uuid, TopicTier> topics = new HashMap<>();
    for (PartitionTier partition : partitions.values()) {
      TopicTier status = partition.status();
      topics.merge(status.topicId(), status, TopicTier::plus);
    }
    Map<String, TopicTier> sorted = new TreeMap<>();
    topics.values().forEach(topic -> sorted.merge(topic.topic(), topic, TopicTier::plus));
    return List.copyOf(sorted.values());
  }

  /** What a partition led by this node has in the store, as committed; 0 for any other. */
  public long coldBytes(TopicIdPartition id) {
    PartitionTier partition = partitions.get(id);
    return partition == null ? 0 : partition.status().coldBytes();
  }

  /**
   * Reads back and checks everything a topic has in the store, on a virtual thread of its own.
   *
   * @param progress told on that thread; it may throw to end the verification
   */
  public CompletableFuture<VerifyReport> verify(
      String topic, List<TopicIdPartition> ofTopic, Consumer<VerifyProgress> progress) {
    ColdWorkshop tools = shop;
    if (tools == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("this node has no store"));
    }
    TierVerifier verifier =
        new TierVerifier(
            tools.tier().store(), tools.tier().keys(), tools.tier().objects(), tools.committer());
    return CompletableFuture.supplyAsync(
        () -> verifier.verify(topic, ofTopic, progress), platform.waiting());
  }

  /** The address of the store; null without one. */
  public @Nullable String storeAddress() {
    return shop == null ? null : shop.tier().store().address();
  }

  private void tick() {
    long nowMs = platform.nowMs();
    Map<Path, List<PartitionTier>> byDirectory = new HashMap<>();
    for (PartitionTier partition : partitions.values()) {
      byDirectory
          .computeIfAbsent(partition.logDirectory(), path -> new ArrayList<>())
          .add(partition);
    }
    byDirectory.forEach((path, some) -> tickOf(path).start(some, nowMs));
    if (nowMs >= nextMetricsMs) {
      nextMetricsMs = nowMs + METRICS_MS;
      metrics.refresh(status());
    }
    if (nowMs >= nextPassMs) {
      nextPassMs = nowMs + TOPIC_PASS_MS;
      startPass();
    }
  }

  private DirectoryTick tickOf(Path path) {
    return ticks.computeIfAbsent(path, any -> new DirectoryTick(platform.waiting()));
  }

  private void startPass() {
    if (topicObjects == null || topicSweep == null || !isPassing.compareAndSet(false, true)) {
      return;
    }
    TopicObjects objects = topicObjects;
    TopicSweep sweep = topicSweep;
    platform
        .waiting()
        .execute(() -> {
          try {
            pass(objects, sweep);
          } finally {
            isPassing.set(false);
          }
        });
  }

  private void pass(TopicObjects objects, TopicSweep sweep) {
    try {
      objects.pass();
    } catch (ObjectStoreException | RuntimeException e) {
      failed(FailureKind.TOPIC_OBJECTS, e);
    }
    try {
      metrics.objectsDeleted((int) sweep.pass(platform.nowMs()));
    } catch (ObjectStoreException | UnansweredException | RuntimeException e) {
      failed(FailureKind.TOPIC_DELETION, e);
    }
  }

  private void failed(FailureKind kind, Exception failure) {
    metrics.failed(kind);
    failureLog.failed(kind, failure.toString(), platform.nowMs());
  }

  /** Stops looking and gives no more turns. Idempotent. */
  @Override
  public void close() {
    isClosed = true;
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
    turns.close();
    rewrites.close();
    Collection<TopicIdPartition> ids = List.copyOf(partitions.keySet());
    ids.forEach(this::stop);
  }
}
