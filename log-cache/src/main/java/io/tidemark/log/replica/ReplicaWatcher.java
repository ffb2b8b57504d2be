package io.tidemark.log.replica;

/** Wants to know when a replica has changed. */
@FunctionalInterface
public interface ReplicaWatcher {

  /**
   * Something of the replica's view has changed: log end, high watermark, last stable offset, log
   * start, epoch, role, configuration. Called by the thread that drains the partition, at most once
   * until {@link ReplicaWatch#look}; must be short and must not throw.
   */
  void changed(Replica replica);

  /** Whether the watcher will read what is appended: then it is kept in memory for it. */
  default boolean readsTail() {
    return false;
  }
}
