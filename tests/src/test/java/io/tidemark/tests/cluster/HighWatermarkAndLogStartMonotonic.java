package io.tidemark.tests.cluster;

import io.tidemark.gateway.node.ListeningCore;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/**
 * In one life of a leader and one leader epoch, the high watermark never goes back; nor does the
 * log start, in any life and epoch of any replica that keeps its disk. (I5)
 */
final class HighWatermarkAndLogStartMonotonic implements Theorem {
  private record Leader(TopicIdPartition partition, ListeningCore life, int leaderEpoch) {}

  private record Log(TopicIdPartition partition, ListeningCore life) {}

  private final SimulatedCluster cluster;
  private final Map<Leader, Long> highWatermarks = new HashMap<>();
  private final Map<Log, Long> logStarts = new HashMap<>();

  HighWatermarkAndLogStartMonotonic(SimulatedCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void check() {
    for (ClusterMachine machine : cluster.machines()) {
      machine
          .node()
          .ifPresent(node -> node.replicas().all().forEach(replica -> check(node, replica)));
    }
  }

  private void check(ListeningCore life, Replica replica) {
    ReplicaView view = replica.view();
    if (view.isLeader()) {
      Leader leader = new Leader(replica.id(), life, view.leaderEpoch());
      Long before = highWatermarks.put(leader, view.highWatermark());
      if (before != null && before > view.highWatermark()) {
        throw new AssertionError(
            "the high watermark of %s went from %d back to %d in leader epoch %d"
                .formatted(replica.id(), before, view.highWatermark(), view.leaderEpoch()));
      }
    }
    Long before = logStarts.put(new Log(replica.id(), life), view.logStartOffset());
    if (before != null && before > view.logStartOffset()) {
      throw new AssertionError(
          "the log start of %s went from %d back to %d"
              .formatted(replica.id(), before, view.logStartOffset()));
    }
  }
}
