package io.tidemark.gateway.api;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;

/**
 * Which of several nodes stands for a partition: the one with the highest hash of partition and
 * node (rendezvous hashing), so that all of them choose alike without a word, and a node that comes
 * or goes moves only the partitions it gets or had. Pure.
 */
final class Rendezvous {
  private static final long NODE_STEP = 0x9E3779B97F4A7C15L;

  private Rendezvous() {}

  /** Empty where there is no node. */
  static Optional<Node> choose(Uuid topicId, int partition, List<Node> nodes) {
    long key = mixed(mixed(topicId.getMostSignificantBits()) ^ topicId.getLeastSignificantBits());
    Node best = null;
    long bestWeight = 0;
    for (Node node : nodes) {
      long weight = mixed(mixed(key + partition) ^ mixed(node.id() * NODE_STEP + 1));
      boolean isBetter =
          best == null || weight > bestWeight || (weight == bestWeight && node.id() < best.id());
      if (isBetter) {
        best = node;
        bestWeight = weight;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Spreads every bit over all others: the finaliser of SplitMix64. */
  private static long mixed(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
