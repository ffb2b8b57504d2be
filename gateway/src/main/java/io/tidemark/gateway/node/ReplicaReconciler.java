package io.tidemark.gateway.node;

import io.tidemark.log.replica.FollowerAssignment;
import io.tidemark.log.replica.LeaderAssignment;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.ImageListener;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this node's replicas what the cluster image says: creates, deletes, gives roles, passes on
 * in-sync replicas, tiered offsets, log starts and settings. Called on the image's one thread, in
 * order; what a replica does with it goes through its own queue. When everything of an image is
 * done, {@link AppliedImage} says so; what needs the object store is not waited for, see {@link
 * LeaderRoles}. A partition whose log cannot be used has no replica and answers
 * KAFKA_STORAGE_ERROR; one whose log could not be made for want of room gets it as soon as there is
 * some.
 */
final class ReplicaReconciler implements ImageListener {
  private static final Logger log = LoggerFactory.getLogger(ReplicaReconciler.class);

  private final int nodeId;
  private final ReplicaSet replicas;
  private final TopicLogConfigs configs;
  private final ReplicaNeighbours neighbours;
  private final AppliedImage applied;
  private final LeaderRoles leaders;
  private final ScheduledExecutorService imageThread;

  /** Partitions whose log could not be made for want of something, and whether they are new. */
  private final Map<TopicIdPartition, Boolean> wanting = new LinkedHashMap<>();

  private ClusterImage latest = ClusterImage.EMPTY;
  private int newLeaders;
  private int newFollowers;
  private int removed;

  /** What earlier images have left to do. */
  private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);

  ReplicaReconciler(
      int nodeId,
      ReplicaSet replicas,
      TopicLogConfigs configs,
      ReplicaNeighbours neighbours,
      AppliedImage applied,
      ScheduledExecutorService imageThread) {
    this.nodeId = nodeId;
    this.replicas = replicas;
    this.configs = configs;
    this.neighbours = neighbours;
    this.applied = applied;
    this.imageThread = imageThread;
    this.leaders = new LeaderRoles(neighbours);
  }

  @Override
  public void changed(ClusterImage previous, ClusterImage next, ImageDelta delta) {
    List<CompletableFuture<?>> steps = new ArrayList<>();
    steps.add(underWay);
    latest = next;
    newLeaders = 0;
    newFollowers = 0;
    removed = 0;
    for (Uuid deleted : delta.deletedTopics()) {
      previous.topics().byId(deleted).ifPresent(topic -> delete(topic, steps));
    }
    neighbours.topicsDeleted(previous, delta.deletedTopics());
    delta
        .changedPartitions()
        .forEach((id, indexes) ->
            next.topics()
                .byId(id)
                .ifPresent(topic -> reconcile(previous, next, topic, indexes, steps)));
    reconfigure(next, delta, steps);
    neighbours.topicsChanged(previous, next, delta);
    underWay = CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new));
    underWay.thenRun(() -> applied.advance(next.version()));
    summarise(next.version());
  }

  /** One line for all of them: a start can be about tens of thousands. */
  private void summarise(long version) {
    if (newLeaders + newFollowers + removed > 0) {
      log.info(
          "Image {}: {} partitions to lead, {} to follow, {} to delete",
          version,
          newLeaders,
          newFollowers,
          removed);
    }
  }

  /** Deletes logs on disk that the cluster does not have here any more. */
  void deleteStrays(ClusterImage image) {
    for (TopicIdPartition stray : replicas.stray()) {
      boolean isOurs =
          image
              .partition(stray)
              .filter(partition -> partition.replicas().contains(nodeId))
              .isPresent();
      if (!isOurs) {
        log.info("Deleting the log of {}: the cluster does not have it on this node", stray);
        replicas.delete(stray);
      }
    }
  }

  private void reconcile(
      ClusterImage previous,
      ClusterImage next,
      TopicImage topic,
      Set<Integer> indexes,
      List<CompletableFuture<?>> steps) {
    for (int index : indexes) {
      TopicIdPartition id = idOf(topic, index);
      PartitionImage before = previous.topics().partition(topic.id(), index).orElse(null);
      PartitionImage now = topic.partitions().get(index);
      boolean isNew =
          previous.version() != ClusterImage.NO_VERSION
              && (before == null || !before.replicas().contains(nodeId));
      reconcileOrNote(id, before, now, next, isNew, steps);
    }
  }

  private void reconcileOrNote(
      TopicIdPartition id,
      @Nullable PartitionImage before,
      PartitionImage now,
      ClusterImage next,
      boolean isNew,
      List<CompletableFuture<?>> steps) {
    try {
      reconcile(id, before, now, next, isNew, steps);
    } catch (KafkaStorageException e) {
      if (Shortages.cause(e)) {
        wants(id, isNew, e);
      }
      // Told once by its directory, and to every client that asks.
      log.debug("{} cannot be used: {}", id, e.getMessage());
    } catch (RuntimeException e) {
      log.error("{} cannot be brought to what the cluster says: {}", id, e.getMessage(), e);
    }
  }

  private void wants(TopicIdPartition id, boolean isNew, KafkaStorageException reason) {
    if (wanting.isEmpty()) {
      imageThread.schedule(this::tryAgain, Shortages.RETRY_MS, TimeUnit.MILLISECONDS);
    }
    if (wanting.put(id, isNew) == null) {
      log.warn("{} is made as soon as that works: {}", id, reason.getMessage());
    }
  }

  /** On the image's thread too. */
  private void tryAgain() {
    Map<TopicIdPartition, Boolean> again = new LinkedHashMap<>(wanting);
    wanting.clear();
    List<CompletableFuture<?>> steps = new ArrayList<>();
    again.forEach((id, isNew) ->
        latest
            .partition(id)
            .ifPresent(now -> reconcileOrNote(id, null, now, latest, isNew, steps)));
  }

  private void reconcile(
      TopicIdPartition id,
      @Nullable PartitionImage before,
      PartitionImage now,
      ClusterImage next,
      boolean isNew,
      List<CompletableFuture<?>> steps) {
    Optional<Replica> known = replicas.get(id);
    if (!now.replicas().contains(nodeId)) {
      removeIfHere(id, steps, replicas::movedAway);
      return;
    }
    Replica replica =
        known.orElseGet(() -> replicas.createOrOpen(id, configs.of(next, id.topic()), isNew));
    if (known.isEmpty() || before == null || leaders.isPending(id) || hasNewRole(before, now)) {
      steps.add(told(id, assign(replica, now)));
    } else {
      steps.add(told(id, update(replica, before, now)));
    }
    if (known.isEmpty()) {
      neighbours.created(replica);
    } else {
      neighbours.changed(id);
    }
  }

  private static boolean hasNewRole(PartitionImage before, PartitionImage now) {
    return before.leaderEpoch() != now.leaderEpoch() || before.leader() != now.leader();
  }

  private CompletableFuture<?> assign(Replica replica, PartitionImage now) {
    TopicIdPartition id = replica.id();
    if (now.leader() == nodeId) {
      newLeaders++;
      neighbours.followsNobody(id);
      return leaders.lead(replica, leader(now));
    }
    leaders.giveUp(id);
    newFollowers++;
    FollowerAssignment follower =
        new FollowerAssignment(
            now.leader(),
            now.leaderEpoch(),
            now.partitionEpoch(),
            now.replicas(),
            now.isr(),
            now.tieredOffset(),
            now.logStartOffset());
    neighbours.resigned(id, now.leaderEpoch());
    if (!now.hasLeader()) {
      neighbours.followsNobody(id);
      return replica.becomeFollower(follower);
    }
    return replica
        .becomeFollower(follower)
        .thenRun(() -> neighbours.follows(replica, now.leader(), now.leaderEpoch()));
  }

  private static LeaderAssignment leader(PartitionImage now) {
    return new LeaderAssignment(
        now.leaderEpoch(),
        now.partitionEpoch(),
        now.replicas(),
        now.isr(),
        now.tieredOffset(),
        now.logStartOffset());
  }

  private CompletableFuture<?> update(Replica replica, PartitionImage before, PartitionImage now) {
    List<CompletableFuture<?>> steps = new ArrayList<>();
    if (now.leader() == nodeId && !before.replicas().equals(now.replicas())) {
      steps.add(replica.becomeLeader(leader(now))); // of more followers, in the same epoch
    } else if (before.partitionEpoch() != now.partitionEpoch()) {
      steps.add(replica.isrCommitted(now.leaderEpoch(), now.partitionEpoch(), now.isr()));
    }
    if (before.tieredOffset() != now.tieredOffset()) {
      steps.add(
          now.tieredOffset() < before.tieredOffset()
              ? replica.tierRestartedAt(now.tieredOffset())
              : replica.tieredTo(now.tieredOffset()));
    }
    if (before.logStartOffset() != now.logStartOffset()) {
      steps.add(replica.advanceLogStart(now.logStartOffset()));
    }
    return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new));
  }

  private void delete(TopicImage topic, List<CompletableFuture<?>> steps) {
    for (int index = 0; index < topic.partitionCount(); index++) {
      removeIfHere(idOf(topic, index), steps, replicas::delete);
    }
  }

  private void removeIfHere(
      TopicIdPartition id,
      List<CompletableFuture<?>> steps,
      Function<TopicIdPartition, CompletableFuture<Void>> removal) {
    if (replicas.get(id).isEmpty() && replicas.whyUnavailable(id).isEmpty()) {
      return;
    }
    removed++;
    leaders.giveUp(id);
    neighbours.removed(id);
    steps.add(told(id, removal.apply(id)));
  }

  /** Settings of topics, and of nodes, on which those of topics stand. */
  private void reconfigure(ClusterImage next, ImageDelta delta, List<CompletableFuture<?>> steps) {
    for (ConfigResource resource : delta.changedConfigs()) {
      switch (resource.type()) {
        case TOPIC ->
            next.topics().byName(resource.name()).ifPresent(t -> configure(next, t, steps));
        case BROKER -> next.topics().all().forEach(topic -> configure(next, topic, steps));
        case GROUP, BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> log.debug("{} changed", resource);
      }
    }
  }

  private void configure(ClusterImage next, TopicImage topic, List<CompletableFuture<?>> steps) {
    for (int index = 0; index < topic.partitionCount(); index++) {
      TopicIdPartition id = idOf(topic, index);
      replicas
          .get(id)
          .ifPresent(replica -> {
            steps.add(told(id, replica.configure(configs.of(next, topic.name()))));
            neighbours.changed(id);
          });
    }
  }

  /** A step that fails is told and done with: the replica itself says why it is offline. */
  private static CompletableFuture<?> told(TopicIdPartition id, CompletableFuture<?> step) {
    return step.handle((done, failure) -> {
      if (failure != null) {
        log.warn("{} did not follow the cluster: {}", id, failure.toString());
      }
      return null;
    });
  }

  private static TopicIdPartition idOf(TopicImage topic, int index) {
    return new TopicIdPartition(topic.id(), new TopicPartition(topic.name(), index));
  }
}
