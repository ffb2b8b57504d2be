package io.tidemark.tiering;

import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks at the partitions of one log directory, never twice at the same time. Directories are
 * looked at apart, because a look may ask a disk for a segment's times and a stalled disk must not
 * keep the others' partitions waiting.
 */
final class DirectoryTick {
  private final Executor executor;
  private final AtomicBoolean isRunning = new AtomicBoolean();

  DirectoryTick(Executor executor) {
    this.executor = executor;
  }

  /** Starts a look at all of them unless the last one still goes on. */
  void start(Collection<PartitionTier> partitions, long nowMs) {
    if (!isRunning.compareAndSet(false, true)) {
      return;
    }
    executor.execute(() -> {
      try {
        partitions.forEach(partition -> partition.tick(nowMs));
      } finally {
        isRunning.set(false);
      }
    });
  }
}
