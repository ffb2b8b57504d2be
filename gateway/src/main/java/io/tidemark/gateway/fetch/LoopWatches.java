package io.tidemark.gateway.fetch;

import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.log.replica.ReplicaWatch;
import io.tidemark.log.replica.ReplicaWatcher;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The replicas that the fetch sessions of one event loop wait for: one watch a replica, however
 * many sessions want it. A replica that changes wakes the loop at most once until one of the
 * sessions has looked at it again, and all replicas that change before the loop gets to it share
 * one task.
 *
 * <p>Belongs to its loop; only {@link SharedWatch#changed} is called from elsewhere.
 */
final class LoopWatches {
  private final Executor loop;
  private final Map<Replica, SharedWatch> watches = new LinkedHashMap<>();
  private final Queue<SharedWatch> changed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isScheduled = new AtomicBoolean();

  LoopWatches(Executor loop) {
    this.loop = loop;
  }

  /** Registers interest; a change after this call marks the partition dirty. */
  SharedWatch join(Replica replica, FetchedPartition partition) {
    SharedWatch current = partition.watch();
    if (current != null && current.replica == replica) {
      return current;
    }
    leave(partition);
    SharedWatch watch = watches.computeIfAbsent(replica, SharedWatch::new);
    watch.interested.add(partition);
    partition.watchBy(watch);
    return watch;
  }

  void leave(FetchedPartition partition) {
    SharedWatch watch = partition.watch();
    if (watch == null) {
      return;
    }
    partition.watchBy(null);
    watch.interested.remove(partition);
    if (watch.interested.isEmpty()) {
      watches.remove(watch.replica);
      watch.registration.close();
    }
  }

  /** Makes every session look at all it waits for. */
  void lookAgain() {
    watches.values().forEach(changed::add);
    wake();
  }

  private void wake() {
    isScheduled.set(false);
    Set<FetchSession> touched = new LinkedHashSet<>();
    for (SharedWatch watch = changed.poll(); watch != null; watch = changed.poll()) {
      for (FetchedPartition partition : watch.interested) {
        partition.session.markDirty(partition);
        touched.add(partition.session);
      }
    }
    touched.forEach(FetchSession::partitionsChanged);
  }

  /** One replica, watched for all sessions of the loop. */
  final class SharedWatch implements ReplicaWatcher {
    private final Replica replica;
    private final ReplicaWatch registration;
    private final Set<FetchedPartition> interested = new LinkedHashSet<>();

    @SuppressWarnings(
        "this-escape") // changed() only enqueues; the loop sees the object once it is built
    SharedWatch(Replica replica) {
      this.replica = replica;
      this.registration = replica.watch(this);
    }

    /** Called before reading: what changes from here on wakes the loop again. */
    ReplicaView look() {
      return registration.look();
    }

    @Override
    public boolean readsTail() {
      return true;
    }

    @Override
    public void changed(Replica changedReplica) {
      changed.add(this);
      if (isScheduled.compareAndSet(false, true)) {
        loop.execute(LoopWatches.this::wake);
      }
    }
  }
}
