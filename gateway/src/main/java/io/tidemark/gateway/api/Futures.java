package io.tidemark.gateway.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;

/** Waiting for several answers at once, or for one no longer than so long. */
final class Futures {
  private Futures() {}

  /** All results in the order of the futures; fails when one does. */
  static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
    return done(futures).thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
  }

  /** Done when all are. */
  static CompletableFuture<Void> done(List<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
  }

  /** The same result, or REQUEST_TIMED_OUT when it is not there in time; what was begun goes on. */
  static <T> CompletableFuture<T> within(
      long timeoutMs, ScheduledExecutorService timer, CompletableFuture<T> future) {
    if (future.isDone()) {
      return future;
    }
    CompletableFuture<T> bounded = future.copy();
    Future<?> timeout =
        timer.schedule(
            () ->
                bounded.completeExceptionally(
                    new TimeoutException("No answer within " + timeoutMs + " ms")),
            Math.max(0, timeoutMs),
            TimeUnit.MILLISECONDS);
    bounded.whenComplete((result, failure) -> timeout.cancel(false));
    return bounded;
  }
}
