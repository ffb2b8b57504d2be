package io.tidemark.tiering.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.jspecify.annotations.Nullable;

/**
 * The quorum's part in tiering as a plain map, with the rules of the real one, and a twin that
 * loses requests and answers when told to. Survives the crashes of the nodes that use it. One
 * thread at a time, or callers that synchronise themselves.
 */
public final class ModelManifestCommits implements ManifestCommits {
  /** What becomes of a call. */
  public enum Fate {
    ANSWERED,
    /** It never arrives; the caller gets an error. */
    REQUEST_LOST,
    /** It is carried out and the caller gets an error. */
    ANSWER_LOST,
    /** It is carried out and the caller hears nothing at all. */
    SILENT
  }

  /** Decides about the next call. */
  @FunctionalInterface
  public interface Faults {
    Fate next();
  }

  private static final class Entry {
    private int leaderEpoch;
    private @Nullable ManifestPointer pointer;
    private long logStartOffset;
  }

  private final Map<TopicIdPartition, Entry> partitions = new HashMap<>();
  private final List<Consumer<TopicIdPartition>> observers = new ArrayList<>();
  private Faults faults = () -> Fate.ANSWERED;

  public void faults(Faults newFaults) {
    faults = newFaults;
  }

  /** Told after every change that took effect. */
  public void observe(Consumer<TopicIdPartition> observer) {
    observers.add(observer);
  }

  /** A leader is elected: commits of earlier epochs are refused from now on. */
  public void elected(TopicIdPartition partition, int leaderEpoch) {
    partitions.computeIfAbsent(partition, id -> new Entry()).leaderEpoch = leaderEpoch;
  }

  public void deleted(TopicIdPartition partition) {
    partitions.remove(partition);
  }

  public @Nullable ManifestPointer pointer(TopicIdPartition partition) {
    Entry entry = partitions.get(partition);
    return entry == null ? null : entry.pointer;
  }

  public long logStartOffset(TopicIdPartition partition) {
    Entry entry = partitions.get(partition);
    return entry == null ? 0 : entry.logStartOffset;
  }

  @Override
  public CompletableFuture<CommitResult> commit(
      TopicIdPartition partition,
      int leaderEpoch,
      long nodeEpoch,
      long parentVersion,
      ManifestPointer next) {
    return call(() -> decide(partition, leaderEpoch, parentVersion, next));
  }

  private CommitResult decide(
      TopicIdPartition partition, int leaderEpoch, long parentVersion, ManifestPointer next) {
    Entry entry = partitions.get(partition);
    if (entry == null) {
      return new CommitResult.Fenced();
    }
    if (next.equals(entry.pointer)) {
      return new CommitResult.Committed();
    }
    if (entry.leaderEpoch != leaderEpoch) {
      return new CommitResult.Fenced();
    }
    long current = entry.pointer == null ? NO_PARENT : entry.pointer.version();
    if (current != parentVersion || next.version() != parentVersion + 1) {
      return new CommitResult.Stale(entry.pointer);
    }
    entry.pointer = next;
    observers.forEach(observer -> observer.accept(partition));
    return new CommitResult.Committed();
  }

  @Override
  public CompletableFuture<@Nullable ManifestPointer> current(TopicIdPartition partition) {
    return call(() -> known(partition).pointer);
  }

  @Override
  public CompletableFuture<Long> advanceLogStart(
      TopicIdPartition partition, int leaderEpoch, long offset) {
    return call(() -> {
      Entry entry = known(partition);
      if (entry.leaderEpoch != leaderEpoch) {
        throw new FencedLeaderEpochException("epoch " + leaderEpoch);
      }
      entry.logStartOffset = Math.max(entry.logStartOffset, offset);
      observers.forEach(observer -> observer.accept(partition));
      return entry.logStartOffset;
    });
  }

  private Entry known(TopicIdPartition partition) {
    Entry entry = partitions.get(partition);
    if (entry == null) {
      throw new UnknownTopicIdException("no " + partition);
    }
    return entry;
  }

  @FunctionalInterface
  private interface Call<T extends @Nullable Object> {
    T make();
  }

  private <T extends @Nullable Object> CompletableFuture<T> call(Call<T> call) {
    Fate fate = faults.next();
    if (fate == Fate.REQUEST_LOST) {
      return CompletableFuture.failedFuture(new TimeoutException("request lost"));
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      T result = call.make();
      switch (fate) {
        case ANSWERED -> answer.complete(result);
        case ANSWER_LOST, REQUEST_LOST ->
            answer.completeExceptionally(new TimeoutException("answer lost"));
        case SILENT -> {}
      }
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }
}
