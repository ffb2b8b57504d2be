package io.tidemark.gateway.cli;

import io.tidemark.gateway.cli.ClusterState.Member;
import io.tidemark.gateway.cli.ClusterState.Placed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the nodes that partitions go to: racks that a partition has nothing in first, then who
 * leads and holds least, counting what was chosen before. One thread; pure but for those counts.
 */
final class MovePlan {
  private final Map<Integer, Member> nodes = new HashMap<>();
  private final Map<Integer, Integer> replicas = new HashMap<>();
  private final Map<Integer, Integer> leaders = new HashMap<>();

  MovePlan(ClusterState state) {
    state.nodes().forEach(node -> nodes.put(node.id(), node));
    for (Placed placed : state.partitions()) {
      count(placed.target(), 1);
    }
  }

  private void count(List<Integer> target, int by) {
    target.forEach(id -> replicas.merge(id, by, Integer::sum));
    leaders.merge(target.getFirst(), by, Integer::sum);
  }

  /**
   * The target without a node, another one in its place; empty when no other node takes it. The
   * node is never chosen again.
   */
  Optional<List<Integer>> without(Placed placed, int nodeId) {
    List<Integer> target = new ArrayList<>(placed.target());
    int place = target.indexOf(nodeId);
    Optional<Integer> other = choose(target, place, nodeId);
    other.ifPresent(id -> {
      count(target, -1);
      target.set(place, id);
      count(target, 1);
    });
    return other.map(_ -> List.copyOf(target));
  }

  /** The target with more or fewer replicas; empty when there are not enough nodes. */
  Optional<List<Integer>> withFactor(Placed placed, int replicationFactor) {
    List<Integer> target = new ArrayList<>(placed.target());
    count(target, -1);
    while (target.size() < replicationFactor) {
      Optional<Integer> more = choose(target, target.size(), Integer.MIN_VALUE);
      if (more.isEmpty()) {
        count(placed.target(), 1);
        return Optional.empty();
      }
      target.add(more.get());
    }
    while (target.size() > replicationFactor) {
      target.remove(Integer.valueOf(least(target, placed.leader())));
    }
    count(target, 1);
    return Optional.of(List.copyOf(target));
  }

  /** Who goes: of those that do not lead the one on the fullest node. */
  private int least(List<Integer> target, int leader) {
    return target.stream()
        .filter(id -> id != leader)
        .max(Comparator.comparingInt(id -> replicas.getOrDefault(id, 0)))
        .orElseThrow();
  }

  private Optional<Integer> choose(List<Integer> target, int place, int leaving) {
    Set<String> racks = new HashSet<>();
    target.stream().filter(id -> id != leaving).forEach(id -> racks.add(rack(id)));
    Comparator<Member> order =
        Comparator.comparing((Member node) -> racks.contains(rack(node.id())));
    if (place == 0) {
      order = order.thenComparingInt(node -> leaders.getOrDefault(node.id(), 0));
    }
    return nodes.values().stream()
        .filter(Member::takesReplicas)
        .filter(node -> node.id() != leaving && !target.contains(node.id()))
        .min(
            order
                .thenComparingInt(node -> replicas.getOrDefault(node.id(), 0))
                .thenComparingInt(Member::id))
        .map(Member::id);
  }

  /** Nodes without a rack are each a rack of their own. */
  private String rack(int nodeId) {
    Member node = nodes.get(nodeId);
    return node == null || node.rack() == null ? "\0" + nodeId : node.rack();
  }
}
