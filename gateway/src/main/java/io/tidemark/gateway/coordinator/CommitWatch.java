package io.tidemark.gateway.coordinator;

import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.log.replica.ReplicaWatch;
import io.tidemark.log.replica.ReplicaWatcher;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a partition's high watermark has reached an offset within one leader epoch. Woken by
 * whichever thread drains the partition; ends its registration when it is over.
 */
final class CommitWatch implements ReplicaWatcher {
  private final int leaderEpoch;
  private final long endOffset;
  private final CompletableFuture<Void> reached = new CompletableFuture<>();

  /** Written once, before the first change can matter: {@link #until} looks again after it. */
  private volatile @Nullable ReplicaWatch registration;

  private CommitWatch(int leaderEpoch, long endOffset) {
    this.leaderEpoch = leaderEpoch;
    this.endOffset = endOffset;
  }

  static CompletableFuture<Void> until(Replica replica, int leaderEpoch, long endOffset) {
    CommitWatch watch = new CommitWatch(leaderEpoch, endOffset);
    if (watch.isOver(replica.view())) {
      return watch.reached;
    }
    ReplicaWatch registration = replica.watch(watch);
    watch.registration = registration;
    watch.reached.whenComplete((done, failure) -> registration.close());
    watch.isOver(registration.look());
    return watch.reached;
  }

  @Override
  public void changed(Replica replica) {
    ReplicaWatch active = registration;
    if (active != null) {
      isOver(active.look());
    }
  }

  private boolean isOver(ReplicaView view) {
    if (!view.isLeader() || view.leaderEpoch() != leaderEpoch) {
      reached.completeExceptionally(
          new NotLeaderOrFollowerException(
              "%s is no longer led in epoch %d".formatted(view.id(), leaderEpoch)));
    } else if (view.highWatermark() >= endOffset) {
      reached.complete(null);
    }
    return reached.isDone();
  }
}
