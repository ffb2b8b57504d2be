package io.tidemark.tests.cluster;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.event.ImageFold;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * Whatever the quorum accepts was decided in the current epochs: no manifest and no log start of an
 * earlier leader, nobody joins an in-sync set or leads while it is fenced. Checked against every
 * committed entry, in order.
 */
final class FencedNodeChangesNothing {
  private ClusterImage image = ClusterImage.EMPTY;

  /** Sees every entry of the quorum once, in its order. */
  void committed(long index, EventCodec.Batch batch) {
    ImageFold fold = new ImageFold(image);
    for (Event event : batch.events()) {
      ClusterImage before = fold.image(index);
      fold.applyAll(List.of(event), index);
      ClusterImage after = fold.image(index);
      check(before, event, after);
    }
    image = fold.image(index);
  }

  private static void check(ClusterImage before, Event event, ClusterImage after) {
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

  private static void checkMembers(ClusterImage image, PartitionImage was, PartitionImage is) {
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

  private static void require(boolean holds, String what, PartitionImage was) {
    if (!holds) {
      throw new AssertionError("the quorum accepted " + what + ", where there was " + was);
    }
  }
}
