package io.tidemark.metadata.controller;

import io.tidemark.metadata.controller.ManifestCommitResult.Outcome;
import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Decides about the cold tier: which manifest is current, where a log starts, which deleted topics
 * have left the store.
 *
 * <pre>
 *   the very manifest that is current     OK, again
 *   no such topic or partition            UNKNOWN_PARTITION
 *   not the leader with these epochs      FENCED
 *   made from another than the current    STALE
 *   version going back, or the tiered     INVALID
 *     offset, but not to the log start
 *   else                                  OK, and it is current
 * </pre>
 */
final class TierControl {
  private TierControl() {}

  static Function<ClusterImage, List<ManifestCommitResult>> commit(
      Draft draft, List<ManifestCommit> commits) {
    List<ManifestCommitResult> results = new ArrayList<>(commits.size());
    for (ManifestCommit commit : commits) {
      results.add(commitOne(draft, commit));
    }
    return _ -> results;
  }

  private static ManifestCommitResult commitOne(Draft draft, ManifestCommit commit) {
    Optional<PartitionImage> partition = draft.image().partition(commit.partition());
    if (partition.isEmpty()) {
      return new ManifestCommitResult(commit.partition(), Outcome.UNKNOWN_PARTITION, null);
    }
    PartitionImage before = partition.get();
    Outcome outcome = outcome(draft.image(), before, commit);
    boolean isNew = outcome == Outcome.OK && !commit.next().equals(before.manifest());
    if (isNew) {
      draft.add(
          new Event.ManifestCommitted(
              commit.partition().topicId(),
              commit.partition().partition(),
              commit.leaderEpoch(),
              commit.parentVersion(),
              commit.next()));
    }
    return new ManifestCommitResult(
        commit.partition(), outcome, isNew ? commit.next() : before.manifest());
  }

  private static Outcome outcome(
      ClusterImage image, PartitionImage partition, ManifestCommit commit) {
    ManifestPointer next = commit.next();
    if (next.equals(partition.manifest())) {
      return Outcome.OK;
    }
    if (partition.leader() != commit.nodeId()
        || partition.leaderEpoch() != commit.leaderEpoch()
        || !NodeControl.isCurrent(image, commit.nodeId(), commit.nodeEpoch())) {
      return Outcome.FENCED;
    }
    if (partition.manifestVersion() != commit.parentVersion()) {
      return Outcome.STALE;
    }
    return next.version() > commit.parentVersion()
            && isTieredOffsetFine(partition, next.tieredOffset())
        ? Outcome.OK
        : Outcome.INVALID;
  }

  /**
   * It goes back only once the store was emptied of the partition, and then at most to where the
   * log starts: a manifest that ends there holds nothing that anybody may read, so nothing is
   * promised twice.
   */
  private static boolean isTieredOffsetFine(PartitionImage partition, long tieredOffset) {
    return tieredOffset >= partition.tieredOffset() || tieredOffset <= partition.logStartOffset();
  }

  static Function<ClusterImage, Long> advance(
      Draft draft, TopicIdPartition id, int leaderEpoch, long offset) {
    PartitionImage partition = partition(draft.image(), id);
    if (leaderEpoch < partition.leaderEpoch()) {
      throw new FencedLeaderEpochException(
          "%s is led with epoch %d, not %d".formatted(id, partition.leaderEpoch(), leaderEpoch));
    }
    if (leaderEpoch > partition.leaderEpoch()) {
      throw new UnknownLeaderEpochException(
          "%s is led with epoch %d, not yet %d"
              .formatted(id, partition.leaderEpoch(), leaderEpoch));
    }
    if (offset > partition.logStartOffset()) {
      draft.add(new Event.LogStartAdvanced(id.topicId(), id.partition(), leaderEpoch, offset));
    }
    long now = Math.max(offset, partition.logStartOffset());
    return _ -> now;
  }

  /**
   * The partition in an image.
   *
   * @throws UnknownTopicIdException when there is no such topic
   * @throws UnknownTopicOrPartitionException when it has no such partition
   */
  static PartitionImage partition(ClusterImage image, TopicIdPartition id) {
    return image
        .topics()
        .byId(id.topicId())
        .orElseThrow(() -> new UnknownTopicIdException("There is no topic with id " + id.topicId()))
        .partition(id.partition())
        .orElseThrow(() -> new UnknownTopicOrPartitionException("There is no partition " + id));
  }

  static Function<ClusterImage, Boolean> emptied(Draft draft, Uuid topicId) {
    boolean waits = draft.image().deletedTopics().containsKey(topicId);
    if (waits) {
      draft.add(new Event.TopicEmptied(topicId));
    }
    return _ -> waits;
  }
}
