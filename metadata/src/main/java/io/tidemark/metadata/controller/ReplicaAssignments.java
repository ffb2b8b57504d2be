package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.NodesImage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;

/** Checks replicas that a client named by hand. Pure. */
final class ReplicaAssignments {
  private ReplicaAssignments() {}

  /**
   * The replicas of each partition, by partition.
   *
   * @throws InvalidReplicaAssignmentException when partitions are missing or doubled, or replicas
   *     cannot be
   */
  static List<List<Integer>> ofTopic(
      Iterable<CreatableReplicaAssignment> assignments, ClusterImage image) {
    Map<Integer, List<Integer>> byPartition = new TreeMap<>();
    for (CreatableReplicaAssignment assignment : assignments) {
      if (byPartition.put(assignment.partitionIndex(), assignment.brokerIds()) != null) {
        throw new InvalidReplicaAssignmentException(
            "Found multiple manual partition assignments for partition "
                + assignment.partitionIndex());
      }
    }
    int expected = 0;
    for (int partition : byPartition.keySet()) {
      if (partition != expected++) {
        throw new InvalidReplicaAssignmentException(
            "partitions should be a consecutive 0-based integer sequence");
      }
    }
    List<List<Integer>> replicas = List.copyOf(byPartition.values());
    int replicationFactor = replicas.getFirst().size();
    replicas.forEach(one -> check(one, replicationFactor, image));
    return replicas.stream().map(List::copyOf).toList();
  }

  /**
   * Checks the replicas of one new partition.
   *
   * @throws InvalidReplicaAssignmentException when one partition's replicas cannot be
   */
  static void check(List<Integer> replicas, int replicationFactor, ClusterImage image) {
    checkNodes(replicas, image.nodes());
    checkCordon(replicas, image);
    if (replicas.size() != replicationFactor) {
      throw new InvalidReplicaAssignmentException(
          "The manual partition assignment includes a partition with %d replica(s), but this is not consistent with previous partitions, which have %d replica(s)."
              .formatted(replicas.size(), replicationFactor));
    }
    if (replicas.stream().noneMatch(image.nodes()::isAlive)) {
      throw new InvalidReplicaAssignmentException(
          "All brokers specified in the manual partition assignment %s are fenced or in controlled shutdown."
              .formatted(replicas));
    }
  }

  /**
   * Checks the replicas a partition is to move to. Nodes may be fenced: the move waits for them.
   *
   * @param present the replicas the partition has
   * @throws InvalidReplicaAssignmentException when they cannot be
   */
  static void checkTarget(List<Integer> target, List<Integer> present, ClusterImage image) {
    checkNodes(target, image.nodes());
    checkCordon(target.stream().filter(replica -> !present.contains(replica)).toList(), image);
  }

  private static void checkCordon(List<Integer> added, ClusterImage image) {
    for (int replica : added) {
      if (Cordon.holds(image, replica)) {
        throw new InvalidReplicaAssignmentException(
            "The manual partition assignment includes broker %d, but all of its log directories are cordoned."
                .formatted(replica));
      }
    }
  }

  private static void checkNodes(List<Integer> replicas, NodesImage nodes) {
    if (replicas.isEmpty()) {
      throw new InvalidReplicaAssignmentException(
          "The manual partition assignment includes an empty replica list.");
    }
    for (int replica : replicas) {
      if (nodes.get(replica).isEmpty()) {
        throw new InvalidReplicaAssignmentException(
            "The manual partition assignment includes broker %d, but no such broker is registered."
                .formatted(replica));
      }
      if (nodes.get(replica).filter(NodeImage::gateway).isPresent()) {
        throw new InvalidReplicaAssignmentException(
            "The manual partition assignment includes node %d, which is a gateway and holds no replicas."
                .formatted(replica));
      }
    }
    if (new HashSet<>(replicas).size() != replicas.size()) {
      throw new InvalidReplicaAssignmentException(
          "The manual partition assignment includes a broker more than once: " + replicas);
    }
  }
}
