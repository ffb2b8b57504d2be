package io.tidemark.gateway.cli;

import io.tidemark.gateway.cli.ClusterState.Placed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;

/**
 * Empties a node: its replicas go elsewhere by ordinary reassignments, so many at a time. All it
 * knows it reads from the cluster, so a drain that was interrupted goes on when it is started
 * again. One thread.
 */
final class Drain {
  private static final int NAMED = 5;
  private static final long LOOK_MS = 500;

  private final Admin admin;
  private final int nodeId;
  private final int batch;
  private final Progress progress;
  private final Time time;

  /**
   * @param batch most partitions that move at once
   */
  Drain(Admin admin, int nodeId, int batch, Progress progress, Time time) {
    this.admin = admin;
    this.nodeId = nodeId;
    this.batch = batch;
    this.progress = progress;
    this.time = time;
  }

  /**
   * What would move where.
   *
   * @throws CommandFailure when there is a partition that no other node could take
   */
  static Map<TopicPartition, List<Integer>> plan(ClusterState state, int nodeId) {
    MovePlan plan = new MovePlan(state);
    Map<TopicPartition, List<Integer>> moves = new HashMap<>();
    List<Placed> stuck =
        state.on(nodeId).stream()
            .filter(placed -> placed.target().contains(nodeId))
            .filter(placed -> {
              var target = plan.without(placed, nodeId);
              target.ifPresent(replicas -> moves.put(placed.partition(), replicas));
              return target.isEmpty();
            })
            .toList();
    if (!stuck.isEmpty()) {
      throw CommandFailure.refused(
          "no other node can take %d of the partitions on node %d (%s%s): add a node, uncordon one, or lower their replication factor"
              .formatted(
                  stuck.size(),
                  nodeId,
                  stuck.stream()
                      .limit(NAMED)
                      .map(placed -> placed.partition().toString())
                      .collect(Collectors.joining(", ")),
                  stuck.size() > NAMED ? ", …" : ""));
    }
    return moves;
  }

  /** Moves until the node has nothing left; answers how many partitions it began to move. */
  int run() throws Exception {
    int begun = 0;
    ClusterState state = ClusterState.read(admin);
    while (!state.on(nodeId).isEmpty()) {
      begun += beginMore(state);
      if (progress.isDue()) {
        progress.show(left(state));
      }
      time.sleep(LOOK_MS);
      state = ClusterState.read(admin);
    }
    return begun;
  }

  private int beginMore(ClusterState state) throws Exception {
    long underWay =
        state.on(nodeId).stream().filter(placed -> !placed.target().contains(nodeId)).count();
    Map<TopicPartition, List<Integer>> next =
        plan(state, nodeId).entrySet().stream()
            .limit(Math.max(0, batch - underWay))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Reassignments.begin(admin, next);
    return next.size();
  }

  private String left(ClusterState state) throws Exception {
    int partitions = state.on(nodeId).size();
    return LocalBytes.of(admin, state.existing(nodeId))
        .map(bytes ->
            "%d partitions with %s left on node %d"
                .formatted(partitions, ByteSize.megabytes(bytes), nodeId))
        .orElse("%d partitions left on node %d".formatted(partitions, nodeId));
  }
}
