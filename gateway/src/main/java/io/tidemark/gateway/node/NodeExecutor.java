package io.tidemark.gateway.node;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor that tells what its tasks throw: the JDK's would keep it in a future that nobody
 * looks at, and a periodic task would end silently.
 */
final class NodeExecutor extends ScheduledThreadPoolExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(NodeExecutor.class);

  private final String name;

  NodeExecutor(String name, int threads, ThreadFactory factory) {
    super(threads, factory);
    this.name = name;
    setRemoveOnCancelPolicy(true);
    setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  @Override
  protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
    super.afterExecute(task, thrown);
    Throwable cause = thrown == null && task instanceof Future<?> future ? cause(future) : thrown;
    if (cause != null) {
      LOG.error("a task of {} failed", name, cause);
    }
  }

  private static @Nullable Throwable cause(Future<?> future) {
    if (!future.isDone()) {
      return null;
    }
    try {
      future.get();
      return null;
    } catch (CancellationException e) {
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
