package io.tidemark.tiering.upload;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for futures, each for a limited time, on a virtual thread. The limit is a timer of the
 * injected executor, so it runs on simulated time too; nobody is interrupted.
 */
public final class BoundedWait {
  private final ScheduledExecutorService timers;
  private final long limitMs;

  public BoundedWait(ScheduledExecutorService timers, long limitMs) {
    this.timers = timers;
    this.limitMs = limitMs;
  }

  /** The future's result. {@code what} names the call in the exception. */
  public <T extends @Nullable Object> T join(CompletableFuture<T> future, String what)
      throws UnansweredException {
    CompletableFuture<T> bounded = future.copy();
    ScheduledFuture<?> limit =
        timers.schedule(
            () -> bounded.completeExceptionally(new TimeoutException("after " + limitMs + " ms")),
            limitMs,
            TimeUnit.MILLISECONDS);
    try {
      return bounded.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new UnansweredException(what + " failed: " + cause, cause);
    } finally {
      limit.cancel(false);
    }
  }
}
