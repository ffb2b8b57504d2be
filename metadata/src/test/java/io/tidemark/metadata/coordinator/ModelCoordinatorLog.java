package io.tidemark.metadata.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Coordinator partitions in memory, with the faults a real one has: appends that fail with or
 * without having happened, commits and appends that take their time, leaders that lose what was not
 * committed. Used by one thread.
 */
public final class ModelCoordinatorLog implements CoordinatorLog {
  /** What happens to the next append. */
  public enum Fault {
    NONE,
    /** It fails and nothing is written. */
    REFUSED,
    /** It is written, and its answer is a failure. */
    LOST_ANSWER
  }

  private record Waiting(long endOffset, CompletableFuture<Void> done) {}

  private record HeldAppend(List<? extends LogEntry> entries, CompletableFuture<Long> done) {}

  private static final class Partition {
    final List<LogEntry> entries = new ArrayList<>();
    final List<Integer> batchSizes = new ArrayList<>();
    final List<Waiting> waiting = new ArrayList<>();
    final List<HeldAppend> held = new ArrayList<>();
    int leaderEpoch;
    long highWatermark;
  }

  private final Map<Integer, Partition> partitions = new HashMap<>();
  private final Map<TransactionalProducer, Errors> fenced = new HashMap<>();
  private final int maxBatchBytes;
  private Fault fault = Fault.NONE;
  private boolean holdsAppends;
  private boolean holdsCommits;
  private boolean holdsLoads;
  private @Nullable RuntimeException loadError;
  private final List<Runnable> heldLoads = new ArrayList<>();

  public ModelCoordinatorLog(int maxBatchBytes) {
    this.maxBatchBytes = maxBatchBytes;
  }

  private Partition partition(int partition) {
    return partitions.computeIfAbsent(partition, id -> new Partition());
  }

  // ---------------------------------------------------------------- what a test does to it

  /** The partition has this leader epoch now; whoever waited in an older one is told. */
  public void lead(int partition, int leaderEpoch) {
    Partition log = partition(partition);
    log.leaderEpoch = leaderEpoch;
    List<Waiting> waiting = List.copyOf(log.waiting);
    List<HeldAppend> held = List.copyOf(log.held);
    log.waiting.clear();
    log.held.clear();
    held.forEach(append -> append.done().completeExceptionally(new NotLeaderOrFollowerException()));
    waiting.forEach(wait -> wait.done().completeExceptionally(new NotLeaderOrFollowerException()));
  }

  /** A new leader that does not have what was not committed. */
  public void loseUncommitted(int partition) {
    Partition log = partition(partition);
    while (log.entries.size() > log.highWatermark) {
      log.entries.removeLast();
    }
  }

  public void failNextAppend(Fault next) {
    fault = next;
  }

  public void holdAppends() {
    holdsAppends = true;
  }

  public void releaseAppends() {
    holdsAppends = false;
    for (Partition log : partitions.values()) {
      List<HeldAppend> held = List.copyOf(log.held);
      log.held.clear();
      held.forEach(append -> write(log, append.entries(), append.done()));
    }
  }

  public void holdCommits() {
    holdsCommits = true;
  }

  public void releaseCommits() {
    holdsCommits = false;
    partitions.values().forEach(this::commit);
  }

  public void holdLoads() {
    holdsLoads = true;
  }

  public void releaseLoads() {
    holdsLoads = false;
    List<Runnable> held = List.copyOf(heldLoads);
    heldLoads.clear();
    held.forEach(Runnable::run);
  }

  /** The log knows of a newer producer, or coordinator, than this one. */
  public void fence(TransactionalProducer producer, Errors error) {
    fenced.put(producer, error);
  }

  public void failLoads(@Nullable RuntimeException error) {
    loadError = error;
  }

  /** Puts a record of somebody else's into the log. */
  public void put(int partition, CoordinatorRecord record) {
    Partition log = partition(partition);
    log.entries.add(record);
    log.highWatermark = log.entries.size();
  }

  /** The records in the log, those of transactions too; a copy. */
  public List<CoordinatorRecord> records(int partition) {
    return entries(partition).stream()
        .filter(CoordinatorRecord.class::isInstance)
        .map(CoordinatorRecord.class::cast)
        .toList();
  }

  /** Records and ends of transactions. */
  public List<LogEntry> entries(int partition) {
    return partition(partition).entries;
  }

  /** How many records each append had. */
  public List<Integer> batchSizes(int partition) {
    return partition(partition).batchSizes;
  }

  // ---------------------------------------------------------------- what a coordinator does with
  // it

  @Override
  public CompletableFuture<Long> load(int partition, int leaderEpoch, Replay replay) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    Runnable read =
        () -> {
          Partition log = partition(partition);
          if (log.leaderEpoch != leaderEpoch) {
            done.completeExceptionally(new NotLeaderOrFollowerException());
            return;
          }
          RuntimeException error = loadError;
          if (error != null) {
            done.completeExceptionally(error);
            return;
          }
          try {
            List.copyOf(log.entries).forEach(entry -> replay(replay, entry));
            done.complete((long) log.entries.size());
          } catch (RuntimeException unreadable) {
            done.completeExceptionally(unreadable);
          }
        };
    if (holdsLoads) {
      heldLoads.add(read);
    } else {
      read.run();
    }
    return done;
  }

  private static void replay(Replay replay, LogEntry entry) {
    switch (entry) {
      case CoordinatorRecord record -> replay.replay(List.of(record));
      case TransactionEnd end -> replay.ended(end);
    }
  }

  @Override
  public CompletableFuture<Long> append(
      int partition, int leaderEpoch, List<CoordinatorRecord> records) {
    boolean isOfOne = records.stream().map(CoordinatorRecord::producer).distinct().count() == 1;
    return isOfOne
        ? appendAll(partition, leaderEpoch, records)
        : CompletableFuture.failedFuture(new IllegalStateException("records of several producers"));
  }

  @Override
  public CompletableFuture<Long> end(int partition, int leaderEpoch, TransactionEnd end) {
    return appendAll(partition, leaderEpoch, List.of(end));
  }

  @Override
  public Optional<Errors> refuses(int partition, TransactionalProducer producer) {
    return Optional.ofNullable(fenced.get(producer));
  }

  @Override
  public Optional<Errors> refuses(int partition, TransactionEnd end) {
    return Optional.ofNullable(fenced.get(end.producer()));
  }

  private CompletableFuture<Long> appendAll(
      int partition, int leaderEpoch, List<? extends LogEntry> records) {
    Partition log = partition(partition);
    int bytes = records.stream().mapToInt(LogEntry::sizeBytes).sum();
    if (bytes > maxBatchBytes) {
      return CompletableFuture.failedFuture(new IllegalStateException("batch of " + bytes));
    }
    if (log.leaderEpoch != leaderEpoch) {
      return CompletableFuture.failedFuture(new NotLeaderOrFollowerException());
    }
    CompletableFuture<Long> done = new CompletableFuture<>();
    if (holdsAppends) {
      log.held.add(new HeldAppend(List.copyOf(records), done));
    } else {
      write(log, records, done);
    }
    return done;
  }

  private void write(
      Partition log, List<? extends LogEntry> records, CompletableFuture<Long> done) {
    Fault now = fault;
    fault = Fault.NONE;
    if (now != Fault.REFUSED) {
      log.entries.addAll(records);
      log.batchSizes.add(records.size());
    }
    if (now == Fault.NONE) {
      done.complete((long) log.entries.size());
    } else {
      done.completeExceptionally(new IllegalStateException("append fault " + now));
    }
    if (!holdsCommits) {
      commit(log);
    }
  }

  private void commit(Partition log) {
    log.highWatermark = log.entries.size();
    List<Waiting> due =
        log.waiting.stream().filter(wait -> wait.endOffset() <= log.highWatermark).toList();
    log.waiting.removeAll(due);
    due.forEach(wait -> wait.done().complete(null));
  }

  @Override
  public CompletableFuture<Void> committed(int partition, int leaderEpoch, long endOffset) {
    Partition log = partition(partition);
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (log.leaderEpoch != leaderEpoch) {
      done.completeExceptionally(new NotLeaderOrFollowerException());
    } else if (endOffset <= log.highWatermark) {
      done.complete(null);
    } else {
      log.waiting.add(new Waiting(endOffset, done));
    }
    return done;
  }

  @Override
  public int maxBatchBytes(int partition) {
    return maxBatchBytes;
  }
}
