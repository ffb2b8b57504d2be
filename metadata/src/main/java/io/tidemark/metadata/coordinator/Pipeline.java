package io.tidemark.metadata.coordinator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator has decided and the log does not have committed yet.
 *
 * <pre>
 *  turn → gathering (open batches) → in flight (one append) → uncommitted → answers leave
 * </pre>
 *
 * <p>Batches take effect in order and there is one append at a time, so the newest batch is the one
 * that says whether everything applied so far is committed. Used on one lane. After {@link #close}
 * or a failure nothing leaves any more: the shell answers everyone itself.
 */
final class Pipeline {
  /** Batches on their way; beyond it requests are turned away until the log keeps up again. */
  static final int MAX_BATCHES = 1_000;

  private final int partition;
  private final int leaderEpoch;
  private final CoordinatorLog log;
  private final int maxBatchBytes;
  private final Lane lane;
  private final long commitTimeoutMs;
  private final Consumer<Throwable> failed;

  private final Deque<Batch> gathering = new ArrayDeque<>();
  private final Deque<Batch> uncommitted = new ArrayDeque<>();
  private @Nullable Batch inFlight;
  private boolean closed;
  private long nextTimeoutMs = Long.MAX_VALUE;

  /**
   * @param commitTimeoutMs how long an answer waits for its commit
   * @param failed told once when an append failed or leadership is lost
   */
  Pipeline(
      int partition,
      int leaderEpoch,
      CoordinatorLog log,
      Lane lane,
      long commitTimeoutMs,
      Consumer<Throwable> failed) {
    this.partition = partition;
    this.leaderEpoch = leaderEpoch;
    this.log = log;
    this.maxBatchBytes = log.maxBatchBytes(partition);
    this.lane = lane;
    this.commitTimeoutMs = commitTimeoutMs;
    this.failed = failed;
  }

  /** What was loaded up to here may not be committed yet; answers wait until it is. */
  void startAt(long loadedEndOffset, long nowMs) {
    awaitCommit(new Batch(nowMs), loadedEndOffset);
  }

  /** Takes over what came of a turn. */
  void add(Turn turn) {
    if (!turn.entries().isEmpty()) {
      gather(turn);
    }
    Batch newest = newest();
    if (newest == null) {
      turn.replies().forEach(Turn.Reply::send);
      turn.effects().forEach(Runnable::run);
    } else {
      await(turn, newest);
    }
    appendNext();
  }

  private void await(Turn turn, Batch newest) {
    if (!turn.replies().isEmpty()) {
      newest.await(turn.replies());
      nextTimeoutMs = Math.min(nextTimeoutMs, newest.bornMs() + commitTimeoutMs);
    }
    newest.follow(turn.effects());
  }

  private void gather(Turn turn) {
    List<LogEntry> entries = turn.entries();
    long bytes = entries.stream().mapToLong(LogEntry::sizeBytes).sum();
    Batch open = gathering.peekLast();
    if (open == null
        || !open.hasRoomFor(entries.getFirst(), bytes, entries.size(), maxBatchBytes)) {
      open = openBatch(turn);
    }
    for (LogEntry entry : entries) {
      if (!open.hasRoomFor(entry, entry.sizeBytes(), 1, maxBatchBytes)) {
        open = openBatch(turn);
      }
      open.add(entry);
    }
  }

  private Batch openBatch(Turn turn) {
    Batch batch = new Batch(turn.monotonicMs());
    gathering.add(batch);
    return batch;
  }

  private @Nullable Batch newest() {
    if (!gathering.isEmpty()) {
      return gathering.peekLast();
    }
    return inFlight != null ? inFlight : uncommitted.peekLast();
  }

  private void appendNext() {
    if (closed || inFlight != null || gathering.isEmpty()) {
      return;
    }
    Batch batch = gathering.remove();
    inFlight = batch;
    append(batch)
        .whenComplete((endOffset, error) ->
            lane.execute(() -> {
              if (endOffset == null) {
                fail(error);
              } else {
                appended(batch, endOffset);
              }
            }));
  }

  private CompletableFuture<Long> append(Batch batch) {
    try {
      TransactionEnd end = batch.end();
      return end == null
          ? log.append(partition, leaderEpoch, batch.records())
          : log.end(partition, leaderEpoch, end);
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private void appended(Batch batch, long endOffset) {
    if (closed) {
      return;
    }
    inFlight = null;
    batch.forgetRecords();
    awaitCommit(batch, endOffset);
    appendNext();
  }

  private void awaitCommit(Batch batch, long endOffset) {
    uncommitted.add(batch);
    log.committed(partition, leaderEpoch, endOffset)
        .whenComplete((done, error) ->
            lane.execute(() -> {
              if (error != null) {
                fail(error);
              } else {
                committed(batch);
              }
            }));
  }

  /** The batch is committed, and so is everything before it, told of or not. */
  private void committed(Batch batch) {
    if (closed || !uncommitted.contains(batch)) {
      return;
    }
    Batch first;
    do {
      first = uncommitted.remove();
      first.committed();
    } while (first != batch);
  }

  private void fail(@Nullable Throwable error) {
    if (!closed) {
      closed = true;
      failed.accept(error == null ? new IllegalStateException("append without offset") : error);
    }
  }

  void close() {
    closed = true;
  }

  /** Whether so much waits for the log that nothing new should be decided. */
  boolean isFull() {
    return uncommitted.size() + gathering.size() >= MAX_BATCHES;
  }

  /** Not before this moment has anybody waited too long. */
  long nextTimeoutMs() {
    return nextTimeoutMs;
  }

  /** Sends away whoever has waited too long for a commit. */
  void expire(long nowMs) {
    if (nowMs < nextTimeoutMs) {
      return;
    }
    nextTimeoutMs = Long.MAX_VALUE;
    for (Batch batch : inOrder()) {
      if (batch.bornMs() + commitTimeoutMs <= nowMs) {
        batch.timeOut();
      } else if (batch.isAwaited()) {
        nextTimeoutMs = Math.min(nextTimeoutMs, batch.bornMs() + commitTimeoutMs);
      }
    }
  }

  private List<Batch> inOrder() {
    List<Batch> batches = new ArrayList<>(uncommitted);
    Batch current = inFlight;
    if (current != null) {
      batches.add(current);
    }
    batches.addAll(gathering);
    return batches;
  }
}
