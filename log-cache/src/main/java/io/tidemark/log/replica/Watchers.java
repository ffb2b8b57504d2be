package io.tidemark.log.replica;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who watches one replica. Each is woken once, and again only after it has looked. Safe from any
 * thread.
 */
final class Watchers {
  private static final Logger log = LoggerFactory.getLogger(Watchers.class);

  private final Replica replica;
  private final CopyOnWriteArrayList<Watch> watches = new CopyOnWriteArrayList<>();

  Watchers(Replica replica) {
    this.replica = replica;
  }

  ReplicaWatch add(ReplicaWatcher watcher) {
    Watch watch = new Watch(watcher);
    watches.add(watch);
    return watch;
  }

  /** Whether anybody will read what is appended. */
  boolean readTail() {
    for (Watch watch : watches) {
      if (watch.watcher.readsTail()) {
        return true;
      }
    }
    return false;
  }

  /** A new view has been published. */
  void wake() {
    for (Watch watch : watches) {
      watch.wake();
    }
  }

  private final class Watch implements ReplicaWatch {
    private final ReplicaWatcher watcher;
    private final AtomicBoolean isArmed = new AtomicBoolean(true);

    Watch(ReplicaWatcher watcher) {
      this.watcher = watcher;
    }

    void wake() {
      if (isArmed.get() && isArmed.compareAndSet(true, false)) {
        try {
          watcher.changed(replica);
        } catch (RuntimeException e) {
          log.error("A watcher of {} failed", replica.id(), e);
        }
      }
    }

    /** Arms first and reads then: a view published in between wakes, perhaps for nothing. */
    @Override
    public ReplicaView look() {
      isArmed.set(true);
      return replica.view();
    }

    @Override
    public void close() {
      watches.remove(this);
    }
  }
}
