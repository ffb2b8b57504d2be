package io.tidemark.log.clean;

import io.tidemark.log.disk.IoPace;
import io.tidemark.log.replica.Replica;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans the compacted logs of a node, as many at a time as it has workers. A worker takes the log
 * that needs it most, cleans it step by step, and looks again; when nothing is due it rests for
 * {@code log.cleaner.backoff.ms}. No step waits for another thread. Closed by the wiring before the
 * replicas.
 */
public final class LogCleaner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogCleaner.class);
  private static final long CLOSE_TIMEOUT_MS = 2_000;

  private final CleanerSettings settings;
  private final CleanerResources resources;
  private final DirtyLogs logs;
  private final CleanerMeters meters;
  private final IoPace pace;
  private final List<Worker> workers = new ArrayList<>();

  // Volatile because workers look between two steps.
  private volatile boolean isClosed;

  /**
   * @param replicas those of the node, of which the compacted ones are cleaned
   */
  public LogCleaner(
      CleanerSettings settings,
      Supplier<Collection<Replica>> replicas,
      CleanerResources resources) {
    this.settings = settings;
    this.resources = resources;
    this.logs = new DirtyLogs(replicas, resources.time());
    this.meters = new CleanerMeters(resources.meters(), logs);
    this.pace = new IoPace(settings.maxBytesPerSecond(), resources.time().nanoseconds());
  }

  /** Starts the workers, unless cleaning is disabled. To be called once. */
  public void start() {
    if (!settings.isEnabled()) {
      log.info("Logs are not compacted: log.cleaner.enable is false");
      return;
    }
    for (int i = 0; i < settings.threads(); i++) {
      Worker worker = new Worker();
      workers.add(worker);
      worker.later(worker::look, settings.backoffMs());
    }
  }

  /** No step begins any more; waits for those under way. */
  @Override
  public void close() {
    isClosed = true;
    long deadlineNs =
        resources.time().nanoseconds() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MS);
    workers.forEach(worker -> worker.awaitIdle(deadlineNs));
  }

  /** One cleaning at a time. Its steps run one after the other, on any of the threads. */
  private final class Worker {
    /** Completed while no step runs. */
    private final AtomicReference<CompletableFuture<Boolean>> step =
        new AtomicReference<>(CompletableFuture.completedFuture(true));

    // Handed from step to step by the executor.
    private @Nullable CleaningRound round;
    private long roundStartedMs;

    /** Runs something on the threads after a delay; gives up what is under way when they end. */
    void later(Runnable work, long delayMs) {
      try {
        var _ = resources.threads().schedule(() -> guarded(work), delayMs, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        abandon();
      }
    }

    private void guarded(Runnable work) {
      CompletableFuture<Boolean> running = new CompletableFuture<>();
      step.set(running);
      try {
        if (isClosed) {
          abandon();
        } else {
          work.run();
        }
      } finally {
        running.complete(true);
      }
    }

    void awaitIdle(long deadlineNs) {
      CompletableFuture<Boolean> running = step.get();
      try {
        if (!running.isDone()) {
          resources.time().waitForFuture(running, deadlineNs);
        }
      } catch (TimeoutException | ExecutionException e) {
        log.debug("A step of the cleaner has not come back");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void look() {
      long nowMs = resources.time().milliseconds();
      Optional<DirtyLogs.Candidate> candidate = Optional.empty();
      try {
        candidate = logs.take(nowMs);
      } catch (RuntimeException e) {
        log.error("Looking for logs to be cleaned failed", e);
      }
      if (candidate.isEmpty()) {
        later(this::look, settings.backoffMs());
        return;
      }
      begin(candidate.get(), nowMs);
    }

    private void begin(DirtyLogs.Candidate candidate, long nowMs) {
      Replica replica = candidate.replica();
      try {
        CleaningRound begun =
            CleaningRound.begin(replica, candidate.cleanable(), map(candidate), nowMs);
        if (begun == null) {
          logs.postpone(replica.id(), nowMs + settings.backoffMs());
          later(this::look, 0);
          return;
        }
        round = begun;
        roundStartedMs = resources.time().hiResClockMs();
        later(() -> step(begun), 0);
      } catch (IOException | RuntimeException e) {
        gaveUp(replica, e);
        later(this::look, 0);
      }
    }

    /** As large as the dirty part can need, at most what the settings allow. */
    private OffsetMap map(DirtyLogs.Candidate candidate) {
      Cleanable cleanable = candidate.cleanable();
      long wanted =
          OffsetMap.slotsFor(
              cleanable.endOffset() - cleanable.startOffset(), settings.loadFactor());
      KeyHash hash = new KeyHash(resources.random().nextLong(), resources.random().nextLong());
      return new OffsetMap(
          hash, (int) Math.min(settings.mapSlots(), wanted), settings.loadFactor());
    }

    private void step(CleaningRound current) {
      try {
        switch (current.step()) {
          case CleaningRound.Step.Worked(long bytes) -> goOn(current, bytes);
          case CleaningRound.Step.Replacing(long bytes, CompletableFuture<Boolean> replaced) ->
              replaced.whenComplete((isReplaced, failure) ->
                  later(() -> replaced(current, bytes, isReplaced, failure), 0));
          case CleaningRound.Step.Finishing(CompletableFuture<Void> finished) ->
              finished.whenComplete((done, failure) -> later(() -> finished(current, failure), 0));
        }
      } catch (IOException | RuntimeException e) {
        over(current, e);
      }
    }

    private void goOn(CleaningRound current, long bytes) {
      later(() -> step(current), pace.pauseMs(bytes, resources.time().nanoseconds()));
    }

    private void replaced(
        CleaningRound current,
        long bytes,
        @Nullable Boolean isReplaced,
        @Nullable Throwable failure) {
      if (failure != null || isReplaced == null) {
        over(current, failure);
      } else if (!isReplaced) {
        log.debug("{} has changed while it was cleaned", current.id());
        over(current, null);
      } else {
        goOnReplaced(current, bytes);
      }
    }

    private void goOnReplaced(CleaningRound current, long bytes) {
      try {
        current.replaced();
        goOn(current, bytes);
      } catch (IOException e) {
        over(current, e);
      }
    }

    private void finished(CleaningRound current, @Nullable Throwable failure) {
      if (failure == null) {
        long tookMs = resources.time().hiResClockMs() - roundStartedMs;
        meters.finished(current, tookMs);
        log.info(
            "Cleaned {} up to offset {} in {} ms: {} bytes read, {} left{}",
            current.id(),
            current.endOffset(),
            tookMs,
            current.readBytes(),
            current.writtenBytes(),
            current.isMapFull() ? ", the offset map was full" : "");
      }
      over(current, failure);
    }

    private void over(CleaningRound current, @Nullable Throwable failure) {
      round = null;
      current.close();
      if (failure == null) {
        logs.giveBack(current.id());
      } else {
        gaveUp(current.replica(), failure);
      }
      later(this::look, 0);
    }

    /** What the log itself has wrong stays wrong; anything else may pass. */
    private void gaveUp(Replica replica, Throwable failure) {
      boolean maySucceedLater =
          !(failure instanceof CorruptRecordException)
              && (failure instanceof IOException || failure instanceof ApiException);
      if (!replica.view().isOnline()) {
        logs.giveBack(replica.id());
      } else if (maySucceedLater) {
        log.warn("Cleaning {} failed and is tried again: {}", replica.id(), failure.toString());
        logs.postpone(replica.id(), resources.time().milliseconds() + settings.backoffMs());
      } else {
        logs.failed(replica.id(), failure.toString());
      }
    }

    private void abandon() {
      CleaningRound current = round;
      round = null;
      if (current != null) {
        current.close();
        logs.giveBack(current.id());
      }
    }
  }
}
