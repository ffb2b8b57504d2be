package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.event.ImageFold;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * Whatever the quorum accepts was decided in the current epochs: no manifest and no log start of an
 * earlier leader, nobody joins an in-sync set or leads while it is fenced. Looks at every committed
 * entry, in order, and says so at the next check: what a voter's own thread throws is lost with it.
 */
final class FencedNodeChangesNothing implements Theorem {
  private final List<String> violations = new ArrayList<>();
  private ClusterImage image = ClusterImage.EMPTY;

  /** Begins with a quorum that has committed nothing yet. */
  FencedNodeChangesNothing(SimulatedCluster cluster) {
    cluster.raft().observe(this::committed);
  }

  @Override
  public void check() {
    assertThat(violations).as("what the quorum accepted").isEmpty();
  }

  private void committed(long index, EventCodec.Batch batch) {
    ImageFold fold = new ImageFold(image);
    for (Event event : batch.events()) {
      ClusterImage before = fold.image(index);
      fold.applyAll(List.of(event), index);
      ClusterImage after = fold.image(index);
      check(before, event, after);
    }
    image = fold.image(index);
  }

  private void check(ClusterImage before, Event event, ClusterImage after) {
    switch (event) {
      case Event.ManifestCommitted(Uuid id, int index, int epoch, long parent, var manifest) -> {
        PartitionImage was = partition(before, id, index);
        PartitionImage is = partition(after, id, index);
        if (was != null && is != null && is.manifestVersion() != was.manifestVersion()) {
          require(epoch == was.leaderEpoch(), "a manifest of leader epoch " + epoch, was);
          require(parent == was.manifestVersion(), "a manifest on top of " + parent, was);
        }
      }
      case Event.LogStartAdvanced(Uuid id, int index, int epoch, long offset) -> {
        PartitionImage was = partition(before, id, index);
        PartitionImage is = partition(after, id, index);
        if (was != null && is != null && is.logStartOffset() != was.logStartOffset()) {
          require(epoch == was.leaderEpoch(), "a log start of leader epoch " + epoch, was);
          require(offset > was.logStartOffset(), "a log start at " + offset, was);
        }
      }
      case Event.PartitionChanged changed -> {
        PartitionImage was = partition(before, changed.topicId(), changed.index());
        PartitionImage is = partition(after, changed.topicId(), changed.index());
        if (was != null && is != null && is.partitionEpoch() != was.partitionEpoch()) {
          checkMembers(after, was, is);
        }
      }
      default -> {}
    }
  }

  private void checkMembers(ClusterImage image, PartitionImage was, PartitionImage is) {
    require(is.leaderEpoch() >= was.leaderEpoch(), "an earlier leader epoch: " + is, was);
    for (int member : is.isr()) {
      if (!was.isr().contains(member)) {
        require(image.nodes().isAlive(member), "a fenced node joining: " + is, was);
      }
    }
    if (is.leader() != was.leader() && is.hasLeader()) {
      require(is.leaderEpoch() > was.leaderEpoch(), "another leader in one epoch: " + is, was);
      require(image.nodes().isAlive(is.leader()), "a fenced node leading: " + is, was);
    }
  }

  private static PartitionImage partition(ClusterImage image, Uuid topic, int index) {
    return image.topics().partition(topic, index).orElse(null);
  }

  private void require(boolean holds, String what, PartitionImage was) {
    if (!holds) {
      violations.add(what + ", where there was " + was);
    }
  }
}
