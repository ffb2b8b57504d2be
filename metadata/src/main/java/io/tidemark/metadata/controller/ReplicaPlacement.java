package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;

/**
 * Places the replicas of new partitions: racks first, then who leads and holds least, fenced nodes
 * only where there are not enough others, and never cordoned or stopping ones. Ties are broken by
 * the generator, so that clusters do not fill from the lowest id.
 */
final class ReplicaPlacement {

  /** How much a node has; counts grow while a request is placed. */
  private static final class Load {
    private final NodeImage node;
    private final int tieBreak;
    private int replicas;
    private int leaders;

    Load(NodeImage node, int tieBreak) {
      this.node = node;
      this.tieBreak = tieBreak;
    }

    /** Nodes without a rack are each a rack of their own. */
    String rack() {
      return node.rack() == null ? "\0" + node.id() : node.rack();
    }
  }

  private final ClusterImage image;
  private final List<Load> loads = new ArrayList<>();

  ReplicaPlacement(ClusterImage image, RandomGenerator random) {
    this.image = image;
    candidates(image).forEach(node -> loads.add(new Load(node, random.nextInt())));
    if (loads.size() > 1) {
      countExisting();
    }
  }

  /** The nodes that may get replicas, in order of their ids. */
  static List<NodeImage> candidates(ClusterImage image) {
    return image.nodes().all().stream()
        .filter(node -> !node.gateway() && !node.inControlledShutdown())
        .filter(node -> !Cordon.holds(image, node.id()))
        .sorted(Comparator.comparingInt(NodeImage::id))
        .toList();
  }

  private void countExisting() {
    Map<Integer, Load> byId = new HashMap<>();
    loads.forEach(load -> byId.put(load.node.id(), load));
    for (TopicImage topic : image.topics().all()) {
      for (PartitionImage partition : topic.partitions()) {
        List<Integer> replicas = partition.targetReplicas();
        for (int replica : replicas) {
          Load load = byId.get(replica);
          if (load != null) {
            load.replicas++;
            load.leaders += replica == replicas.getFirst() ? 1 : 0;
          }
        }
      }
    }
  }

  /**
   * Places partitions with this many replicas each.
   *
   * @throws InvalidReplicationFactorException when there are too few nodes
   */
  List<PartitionImage> place(int partitions, int replicationFactor) {
    check(replicationFactor);
    List<PartitionImage> placed = new ArrayList<>(partitions);
    for (int i = 0; i < partitions; i++) {
      placed.add(created(placeOne(replicationFactor)));
    }
    return placed;
  }

  /** The replicas in sync at the start are those that are not fenced. */
  PartitionImage created(List<Integer> replicas) {
    return PartitionImage.created(
        replicas, replicas.stream().filter(LeadershipControl.active(image)::test).toList());
  }

  private void check(int replicationFactor) {
    if (replicationFactor > loads.size()) {
      throw new InvalidReplicationFactorException(
          "Unable to replicate the partition %d time(s): The target replication factor of %d cannot be reached because only %d broker(s) are registered and take new replicas."
              .formatted(replicationFactor, replicationFactor, loads.size()));
    }
    if (loads.stream().allMatch(load -> load.node.fenced())) {
      throw new InvalidReplicationFactorException(
          "Unable to replicate the partition %d time(s): All brokers are currently fenced."
              .formatted(replicationFactor));
    }
  }

  private List<Integer> placeOne(int replicationFactor) {
    if (loads.size() == 1) {
      return List.of(loads.getFirst().node.id());
    }
    List<Load> chosen = new ArrayList<>(replicationFactor);
    Set<String> racks = new HashSet<>();
    while (chosen.size() < replicationFactor) {
      Load next =
          loads.stream()
              .filter(load -> !chosen.contains(load))
              .min(preference(racks, chosen.isEmpty()))
              .orElseThrow();
      chosen.add(next);
      racks.add(next.rack());
      next.replicas++;
    }
    chosen.getFirst().leaders++;
    return chosen.stream().map(load -> load.node.id()).toList();
  }

  private static Comparator<Load> preference(Set<String> racks, boolean leads) {
    Comparator<Load> order =
        Comparator.<Load, Boolean>comparing(load -> load.node.fenced())
            .thenComparing(load -> racks.contains(load.rack()));
    if (leads) {
      order = order.thenComparingInt(load -> load.leaders);
    }
    return order.thenComparingInt(load -> load.replicas).thenComparingInt(load -> load.tieBreak);
  }
}
