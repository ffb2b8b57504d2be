package io.tidemark.metadata.coordinator.transaction;

import java.util.concurrent.CompletableFuture;

/**
 * Brings markers to the leaders of partitions, wherever they are. Supplied by the wiring; safe from
 * any thread, never blocks.
 */
public interface MarkerDelivery {
  /**
   * Has every marker of a task written, trying again for as long as it takes; partitions of topics
   * that are gone need none.
   *
   * @return true when all are written, false when a newer coordinator has been there or the task
   *     was abandoned; never fails
   */
  CompletableFuture<Boolean> deliver(MarkerTask task);

  /** This coordinator's tasks, up to this epoch, are another's from now on. */
  void abandon(int coordinatorPartition, int coordinatorEpoch);
}
