package io.tidemark.metadata.coordinator;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in order, on a shared executor: what makes a coordinator
 * single-threaded without having a thread. Whoever finds it idle starts it; after {@link #MAX_RUN}
 * tasks it goes back to the end of the executor's queue. Safe from any thread.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final int MAX_RUN = 64;

  /** Requests waiting to be looked at; beyond it new ones are turned away. */
  static final int MAX_WAITING = 20_000;

  private final Executor executor;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Tasks queued and not finished; whoever moves it from 0 starts the lane. */
  private final AtomicInteger unfinished = new AtomicInteger();

  Lane(Executor executor) {
    this.executor = executor;
  }

  /** Takes the task unless too many wait already. */
  boolean offer(Runnable task) {
    if (unfinished.get() >= MAX_WAITING) {
      return false;
    }
    execute(task);
    return true;
  }

  /** Takes the task, however many wait: for what the coordinator does itself. */
  void execute(Runnable task) {
    tasks.add(task);
    if (unfinished.getAndIncrement() == 0 && !handedOver()) {
      run();
    }
  }

  /** An executor that takes nothing more is closing; whoever is here then runs what is left. */
  private boolean handedOver() {
    try {
      executor.execute(this::run);
      return true;
    } catch (RejectedExecutionException closing) {
      return false;
    }
  }

  private void run() {
    do {
      for (int ran = 0; ran < MAX_RUN; ran++) {
        runOne(tasks.remove());
        if (unfinished.decrementAndGet() == 0) {
          return;
        }
      }
    } while (!handedOver());
  }

  private static void runOne(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error bug) {
      // One task's bug must not stop the lane for the ones behind it.
      LOG.error("A coordinator's task failed", bug);
    }
  }
}
