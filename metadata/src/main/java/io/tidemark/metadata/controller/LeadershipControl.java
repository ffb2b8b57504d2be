package io.tidemark.metadata.controller;

import io.tidemark.metadata.controller.PartitionElection.Wanted;
import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves leadership and ISR membership when the state of nodes or the rules of topics change. Looks
 * at every partition, which is cheap beside the entries it writes. Pure but for the draft and a log
 * line.
 */
final class LeadershipControl {
  private static final Logger LOG = LoggerFactory.getLogger(LeadershipControl.class);

  /** How many partitions a log line names. */
  private static final int NAMED = 10;

  private final Function<ClusterImage, ControllerSettings> settings;

  LeadershipControl(Function<ClusterImage, ControllerSettings> settings) {
    this.settings = settings;
  }

  /** Who may lead and join an ISR. */
  static IntPredicate active(ClusterImage image) {
    return id -> image.nodes().get(id).filter(NodeImage::isActive).isPresent();
  }

  /** A node may lead no longer: it leaves every ISR, and the ELR too if it stopped uncleanly. */
  void nodeLeft(Draft draft, int nodeId, boolean uncleanly) {
    Set<Integer> unclean = uncleanly ? Set.of(nodeId) : Set.of();
    elect(
        draft,
        unclean,
        partition ->
            partition.isr().contains(nodeId) || (uncleanly && partition.elr().contains(nodeId)));
  }

  /** A node became active: it may lead what nobody leads. */
  void nodeReturned(Draft draft, int nodeId) {
    elect(
        draft,
        Set.of(),
        partition -> !partition.hasLeader() && partition.replicas().contains(nodeId));
  }

  /** Brings every partition in line with nodes and rules as they are. */
  void reconcile(Draft draft) {
    elect(draft, Set.of(), _ -> true);
  }

  private void elect(Draft draft, Set<Integer> unclean, Predicate<PartitionImage> concerned) {
    ClusterImage image = draft.image();
    ControllerSettings now = settings.apply(image);
    IntPredicate active = active(image);
    List<Event.PartitionChanged> changes = new ArrayList<>();
    List<String> uncleanly = new ArrayList<>();
    for (TopicImage topic : image.topics().all()) {
      PartitionElection.Situation situation = null;
      int index = 0;
      for (PartitionImage partition : topic.partitions()) {
        if (concerned.test(partition)) {
          if (situation == null) {
            TopicRules rules = TopicRules.of(topic.name(), image.configs(), now);
            situation = new PartitionElection.Situation(active, unclean, rules);
          }
          elect(topic, index, partition, situation, changes, uncleanly);
        }
        index++;
      }
    }
    warn(uncleanly);
    changes.forEach(draft::add);
  }

  private static void elect(
      TopicImage topic,
      int index,
      PartitionImage partition,
      PartitionElection.Situation situation,
      List<Event.PartitionChanged> changes,
      List<String> uncleanly) {
    List<Integer> isr = partition.isr().stream().filter(situation.isActive()::test).toList();
    Wanted wanted = Wanted.isr(partition, isr, partition.recovery());
    PartitionElection.change(topic.id(), index, partition, wanted, situation)
        .ifPresent(change -> {
          changes.add(change);
          if (isUnclean(partition, change)) {
            uncleanly.add(topic.name() + "-" + index);
          }
        });
  }

  private static boolean isUnclean(PartitionImage before, Event.PartitionChanged change) {
    return change.leaderEpoch() != before.leaderEpoch()
        && change.leader() != PartitionImage.NO_LEADER
        && change.recovery() == LeaderRecovery.RECOVERING;
  }

  /** One line for all of them: after the loss of power it can be every partition of a node. */
  private static void warn(List<String> uncleanly) {
    if (!uncleanly.isEmpty()) {
      LOG.warn(
          "{} partitions are led by a replica that was not in sync, because nobody else is left or"
              + " unclean elections are allowed: {}{}",
          uncleanly.size(),
          String.join(", ", uncleanly.subList(0, Math.min(NAMED, uncleanly.size()))),
          uncleanly.size() > NAMED ? ", …" : "");
    }
  }
}
