package io.tidemark.log.replica;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.log.LogConfig;
import io.tidemark.log.partition.LogDirectories;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;

/** All replicas of this node. */
public final class ReplicaSet implements AutoCloseable {

  public ReplicaSet(
      ReplicaSettings settings,
      LogDirectories directories,
      IsrChanges isrChanges,
      Time time,
      ScheduledExecutorService timers,
      MeterRegistry meters) {}

  /** Starts checkpoint, ISR and flush timers. */
  public void start() {
    throw new UnsupportedOperationException();
  }

  public Optional<Replica> get(TopicIdPartition id) {
    throw new UnsupportedOperationException();
  }

  /** By topic name, for clients that know no topic ids. */
  public Optional<Replica> byName(TopicPartition partition) {
    throw new UnsupportedOperationException();
  }

  public Collection<Replica> all() {
    throw new UnsupportedOperationException();
  }

  /**
   * The partition's replica, its log opened when it is on disk and created when not. OFFLINE until
   * it is assigned a role.
   */
  public Replica createOrOpen(TopicIdPartition id, LogConfig config) {
    throw new UnsupportedOperationException();
  }

  /**
   * Logs found on disk whose replica has not been opened: candidates for deletion once the cluster
   * image is known.
   */
  public Collection<TopicIdPartition> stray() {
    throw new UnsupportedOperationException();
  }

  /** Deletes the local log, open or stray; done when it no longer exists under its name. */
  public CompletableFuture<Void> delete(TopicIdPartition id) {
    throw new UnsupportedOperationException();
  }

  /** Told of replicas that went offline because their directory failed or stalled. */
  public void onDirectoryFailure(DirectoryFailureListener listener) {
    throw new UnsupportedOperationException();
  }

  /** Closes every replica, writes all checkpoints and the clean marker. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
