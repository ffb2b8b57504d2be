package io.tidemark.log.replica;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.partition.LogCopy;
import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.partition.PartitionLog;
import io.tidemark.log.validate.InvalidBatchException;
import io.tidemark.log.validate.ValidatedBatches;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica's way to another log directory of the node. Its log is copied batch by batch, in steps
 * on the bulk threads of the directory it goes to, while the replica serves. Once the copy has
 * caught up and is forced, the partition's queue stands still for the rest, and the copy becomes
 * the log. A log that is cut meanwhile is copied anew; a disk that is only full is waited for.
 *
 * <pre>
 *   COPYING ──▶ SWAPPING ──▶ moved
 *      │  ▲         │
 *      │  └─────────┤ cut, or no room
 *      ▼            ▼
 *  CANCELLED      failed: the replica stays where it is
 * </pre>
 */
final class ReplicaMove {
  private static final Logger logger = LoggerFactory.getLogger(ReplicaMove.class);
  private static final int STEP_BYTES = 1 << 20;
  private static final long RETRY_MS = 1_000;

  private enum Phase {
    COPYING,
    SWAPPING,
    CANCELLED,
    OVER
  }

  private final Replica replica;
  private final DirectoryState target;
  private final MoveTools tools;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.COPYING);
  private final Consumer<ReplicaMove> onEnd;
  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  // Volatile because administrators look while it is copied.
  private volatile @Nullable LogCopy copy;

  /** Told once; touched by steps alone, which follow one another. */
  private boolean isPutOff;

  /** Completed while no step runs. */
  private volatile CompletableFuture<Void> step = CompletableFuture.completedFuture(null);

  /**
   * A move that has not begun.
   *
   * @param onEnd told before {@link #ended}
   */
  ReplicaMove(
      Replica replica, DirectoryState target, MoveTools tools, Consumer<ReplicaMove> onEnd) {
    this.replica = replica;
    this.target = target;
    this.tools = tools;
    this.onEnd = onEnd;
  }

  TopicIdPartition id() {
    return replica.id();
  }

  DirectoryState target() {
    return target;
  }

  /** What has been copied; null before the first step. */
  @Nullable LogCopy copy() {
    return copy;
  }

  boolean isCancelled() {
    return phase.get() == Phase.CANCELLED;
  }

  /** Done once the copy is there, or cannot be. */
  CompletableFuture<Void> begun() {
    return begun.copy();
  }

  /** Done once nothing more happens, however it ended. */
  CompletableFuture<Void> ended() {
    return ended.copy();
  }

  void begin() {
    later(0);
  }

  /** Gives up, unless the copy is becoming the log at this very moment. */
  CompletableFuture<Void> cancel() {
    if (phase.compareAndSet(Phase.COPYING, Phase.CANCELLED)) {
      later(0);
    }
    return ended();
  }

  /**
   * The node stops: what there is stays, and is copied anew by the next start. Done once no step is
   * under way.
   */
  CompletableFuture<Void> stop() {
    phase.set(Phase.OVER);
    end();
    return step.copy();
  }

  private void later(long delayMs) {
    try {
      var _ = tools.timers().schedule(this::onBulk, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      var _ = stop();
    }
  }

  private void onBulk() {
    try {
      target.directory().bulk().execute(this::step);
    } catch (RejectedExecutionException e) {
      var _ = stop();
    }
  }

  /** Steps may come from a cancellation and from the copying itself: one at a time. */
  private synchronized void step() {
    CompletableFuture<Void> running = new CompletableFuture<>();
    step = running;
    try {
      switch (phase.get()) {
        case COPYING -> goOn();
        case CANCELLED -> giveUp();
        case SWAPPING, OVER -> logger.trace("{} needs no step", id());
      }
    } finally {
      running.complete(null);
    }
  }

  private void giveUp() {
    if (ended.isDone()) {
      return;
    }
    discard();
    tools.meters().cancelled();
    logger.info("{} stays in {}", id(), replica.view().logDirectory());
    end();
  }

  private void goOn() {
    try {
      copyOn();
    } catch (OffsetOutOfRangeException e) {
      // Retention was faster.
      beginAnew();
    } catch (KafkaStorageException e) {
      interrupted(e);
    } catch (IOException | ApiException e) {
      failed(e);
    } catch (RuntimeException e) {
      logger.error("Moving {} failed in a way that was not foreseen", id(), e);
      failed(e);
    }
  }

  private void copyOn() throws IOException {
    if (target.refusesAppends().isPresent()) {
      putOff(target.refusesAppends().get().message());
      return;
    }
    LogCopy current = begunCopy();
    long restMs = tools.pace().get().pauseMs(0, tools.time().nanoseconds());
    if (restMs > 0) {
      // Not all of it at once: the rate may be raised.
      later(Math.min(restMs, RETRY_MS));
      return;
    }
    if (current.isOutdated()) {
      beginAnew();
      return;
    }
    long end = current.source().offsets().logEndOffset();
    int bytes = copyOnce(current);
    tools.pace().get().pauseMs(bytes, tools.time().nanoseconds());
    isPutOff = false;
    if (current.log().offsets().logEndOffset() >= end) {
      current.log().flush();
      swap(current);
    } else {
      later(0);
    }
  }

  private LogCopy begunCopy() {
    LogCopy current = copy;
    if (current == null) {
      current = tools.directories().beginCopy(replica.log(), target.directory());
      copy = current;
      logger.info("{} moves to {}", id(), current.directory());
      begun.complete(null);
    }
    return current;
  }

  private void beginAnew() {
    logger.info("{} has changed too much to go on with its copy, which is begun anew", id());
    discard();
    copy = null;
    later(0);
  }

  private void discard() {
    LogCopy current = copy;
    if (current != null) {
      current.discard();
    }
  }

  /** Copies some more; nothing when the copy has all of it. */
  private int copyOnce(LogCopy current) throws IOException {
    PartitionLog from = current.source();
    long offset = current.log().offsets().logEndOffset();
    if (offset >= from.offsets().logEndOffset()) {
      return 0;
    }
    LogSlice slice = from.read(offset, STEP_BYTES, Long.MAX_VALUE, true);
    ValidatedBatches batches;
    try {
      batches = tools.validator().validate(slice.toBuffer(), from.config(), AppendOrigin.REPLICA);
    } catch (InvalidBatchException e) {
      throw new CorruptRecordException("At offset %d of %s".formatted(offset, id()), e);
    } finally {
      slice.release();
    }
    current.append(batches.buffer(), tools.time().milliseconds());
    tools.meters().copied(batches.sizeBytes());
    return batches.sizeBytes();
  }

  private void swap(LogCopy current) {
    if (!phase.compareAndSet(Phase.COPYING, Phase.SWAPPING)) {
      later(0);
      return;
    }
    replica
        .moveTo(target, () -> swapped(current))
        .whenComplete((isMoved, failure) ->
            target.directory().bulk().execute(() -> swapped(current, isMoved, failure)));
  }

  /**
   * While nobody appends. The log that is the replica's now; null when there must be more copied.
   */
  private @Nullable PartitionLog swapped(LogCopy current) {
    try {
      while (!current.isOutdated() && current.lag() > 0) {
        copyOnce(current);
      }
    } catch (IOException e) {
      throw new KafkaStorageException("The rest of " + id() + " cannot be read", e);
    }
    if (current.isOutdated()) {
      return null;
    }
    current.promote();
    return current.log();
  }

  private void swapped(LogCopy current, @Nullable Boolean isMoved, @Nullable Throwable failure) {
    if (isMoved != null && isMoved) {
      moved(current);
      return;
    }
    if (!phase.compareAndSet(Phase.SWAPPING, Phase.COPYING)) {
      return;
    }
    if (failure instanceof KafkaStorageException e) {
      interrupted(e);
    } else if (failure != null) {
      failed(failure);
    } else {
      later(0);
    }
  }

  private void moved(LogCopy current) {
    phase.set(Phase.OVER);
    tools.meters().moved();
    logger.info("{} has moved to {}", id(), current.directory());
    current.checkpoint();
    forgetLater(current);
    end();
  }

  private void forgetLater(LogCopy current) {
    try {
      var _ =
          tools
              .timers()
              .schedule(
                  current::forgetSource,
                  current.log().config().fileDeleteDelayMs(),
                  TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      logger.debug("Stopping: left to the next start");
    }
  }

  /** Only a disk that has failed is a reason to give up. */
  private void interrupted(KafkaStorageException e) {
    LogCopy current = copy;
    boolean hasFailed =
        replica.log().offlineReason() != null
            || !target.directory().isOnline()
            || (current != null && current.log().offlineReason() != null);
    if (hasFailed) {
      failed(e);
    } else {
      putOff(String.valueOf(e.getMessage()));
    }
  }

  private void putOff(String reason) {
    if (!isPutOff) {
      isPutOff = true;
      logger.warn("{} is moved to {} as soon as that works: {}", id(), target.path(), reason);
    }
    begun.complete(null);
    later(RETRY_MS);
  }

  private void failed(Throwable failure) {
    if (phase.getAndSet(Phase.OVER) == Phase.OVER) {
      return;
    }
    begun.completeExceptionally(failure);
    tools.meters().failed();
    logger.error("Moving {} to {} failed: {}", id(), target.path(), failure.toString());
    discard();
    end();
  }

  private void end() {
    onEnd.accept(this);
    begun.complete(null);
    ended.complete(null);
  }
}
