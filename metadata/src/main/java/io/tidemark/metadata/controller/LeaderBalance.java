package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Which leaderships should go back to the first replica of their partitions. A node counts as
 * imbalanced when it does not lead more than so many percent of the partitions whose first replica
 * it has; only what it could lead at once, being active and in sync, is moved. Pure.
 */
final class LeaderBalance {
  /** Most partitions of one round, as in Kafka; the next round takes the rest. */
  static final int MAX_MOVES = 1_000;

  /** A partition that its first replica should lead. */
  record Move(TopicImage topic, int index, PartitionImage partition) {}

  private LeaderBalance() {}

  static List<Move> of(ClusterImage image, LeaderBalanceSettings settings) {
    if (!settings.isEnabled()) {
      return List.of();
    }
    Map<Integer, Integer> preferred = new HashMap<>();
    Map<Integer, Integer> ledByOthers = new HashMap<>();
    List<Move> moves = new ArrayList<>();
    IntPredicate active = LeadershipControl.active(image);
    for (TopicImage topic : image.topics().all()) {
      int index = 0;
      for (PartitionImage partition : topic.partitions()) {
        int first = partition.preferredLeader();
        preferred.merge(first, 1, Integer::sum);
        if (partition.leader() != first) {
          ledByOthers.merge(first, 1, Integer::sum);
          if (partition.isr().contains(first) && active.test(first)) {
            moves.add(new Move(topic, index, partition));
          }
        }
        index++;
      }
    }
    Set<Integer> imbalanced = new HashSet<>();
    ledByOthers.forEach((node, count) -> {
      if (count * 100L > (long) settings.maxImbalancePercent() * preferred.getOrDefault(node, 0)) {
        imbalanced.add(node);
      }
    });
    return moves.stream()
        .filter(move -> imbalanced.contains(move.partition().preferredLeader()))
        .limit(MAX_MOVES)
        .toList();
  }
}
