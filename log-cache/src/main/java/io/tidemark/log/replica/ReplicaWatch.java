package io.tidemark.log.replica;

/** One registration of a {@link ReplicaWatcher}. Safe from any thread. */
public interface ReplicaWatch extends AutoCloseable {

  /**
   * Arms the watcher again and returns the view: a change after this view wakes the watcher. Armed
   * from the start.
   */
  ReplicaView look();

  /** Ends the registration; idempotent. A wake-up under way may still arrive. */
  @Override
  void close();
}
