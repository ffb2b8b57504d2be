package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.image.ClusterImage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A voter of a quorum that exists in memory: the same promises as the real one, with terms, a real
 * codec, and faults on request.
 *
 * <p>Everything it does by itself happens as tasks of the executor, one entry each and in order, so
 * that a simulation with one thread decides when. What was committed is in the {@link ModelLog} and
 * survives {@link #crash}.
 */
public final class ModelQuorum implements Quorum {

  /** What happens to the next append. */
  public enum Fault {
    NONE,
    /** Committed, but the caller is not told. */
    LOST_ANSWER,
    /** Not committed, and the caller does not know. */
    LOST_ENTRY,
    /** Refused as by a voter that leads no more. */
    REFUSED
  }

  private record Pending(
      long term, ByteBuffer bytes, Fault fault, CompletableFuture<Appended> answer) {}

  private final int nodeId;
  private final ModelLog log;
  private final Executor executor;
  private final ReplicatedImage replicated = new ReplicatedImage();
  private final List<Consumer<Leadership>> listeners = new CopyOnWriteArrayList<>();
  private final Queue<Pending> queue = new ArrayDeque<>();
  private Leadership told = Leadership.UNKNOWN;
  private Fault next = Fault.NONE;
  private boolean lagging;
  private boolean holding;
  private volatile boolean closed;

  private ModelQuorum(int nodeId, ModelLog log, Executor executor) {
    this.nodeId = nodeId;
    this.log = log;
    this.executor = executor;
  }

  /** Opens a voter. Alone, it elects itself in a task of the executor. */
  public static ModelQuorum open(int nodeId, ModelLog log, Executor executor) {
    ModelQuorum quorum = new ModelQuorum(nodeId, log, executor);
    log.join(quorum);
    if (log.voterCount() == 1) {
      executor.execute(() -> {
        if (!quorum.closed) {
          log.elect(nodeId);
        }
      });
    }
    return quorum;
  }

  /** Chooses what happens to the next append. */
  public synchronized void failNext(Fault fault) {
    next = fault;
  }

  /** Appends stay undecided until {@link #release}. */
  public synchronized void hold() {
    holding = true;
  }

  public void release() {
    int waiting;
    synchronized (this) {
      holding = false;
      waiting = queue.size();
    }
    IntStream.range(0, waiting).forEach(_ -> executor.execute(this::commitNext));
  }

  /** A lagging voter hears of no entry until it stops lagging. */
  public void lag(boolean lags) {
    synchronized (this) {
      lagging = lags;
    }
    if (!lags) {
      log.catchUp(this);
    }
  }

  synchronized boolean isLagging() {
    return lagging;
  }

  /** Ends the voter like a process that is killed: nothing pending is written or answered. */
  public void crash() {
    synchronized (this) {
      closed = true;
      queue.clear();
    }
    log.leave(this);
    listeners.clear();
  }

  void restore(ClusterImage snapshot) {
    replicated.install(snapshot);
  }

  Appended replay(long index, long term, EventCodec.Batch batch) {
    return replicated.apply(index, term, batch);
  }

  void leaderChanged() {
    synchronized (listeners) {
      Leadership now = leadership();
      if (!now.equals(told)) {
        told = now;
        listeners.forEach(listener -> listener.accept(now));
      }
    }
  }

  @Override
  public int nodeId() {
    return nodeId;
  }

  @Override
  public Leadership leadership() {
    return closed ? Leadership.UNKNOWN : log.leadershipOf(nodeId);
  }

  @Override
  public void listen(Consumer<Leadership> listener) {
    synchronized (listeners) {
      told = leadership();
      listeners.add(listener);
      listener.accept(told);
    }
  }

  @Override
  public ClusterImage image() {
    return replicated.image();
  }

  @Override
  public CompletableFuture<Appended> append(long term, List<Event> events) {
    ByteBuffer bytes = ByteBuffer.wrap(EventCodec.encode(new EventCodec.Batch(term, events)));
    CompletableFuture<Appended> answer = new CompletableFuture<>();
    boolean held;
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(new QuorumException.Closed("The quorum is closed"));
      }
      queue.add(new Pending(term, bytes, next, answer));
      next = Fault.NONE;
      held = holding;
    }
    if (!held) {
      executor.execute(this::commitNext);
    }
    return answer;
  }

  private void commitNext() {
    Pending pending;
    synchronized (this) {
      pending = queue.poll();
    }
    if (pending == null) {
      return;
    }
    switch (pending.fault()) {
      case NONE -> answer(pending, commit(pending));
      case REFUSED ->
          pending
              .answer()
              .completeExceptionally(new QuorumException.NotLeader("Nothing was written"));
      case LOST_ENTRY -> unknown(pending);
      case LOST_ANSWER -> {
        commit(pending);
        unknown(pending);
      }
    }
  }

  private @Nullable Appended commit(Pending pending) {
    return log.commit(
        this, pending.term(), pending.bytes(), voter -> voter == this || !voter.isLagging());
  }

  private static void answer(Pending pending, @Nullable Appended appended) {
    if (appended == null) {
      pending
          .answer()
          .completeExceptionally(new QuorumException.NotLeader("Another leads or another term"));
    } else {
      pending.answer().complete(appended);
    }
  }

  private static void unknown(Pending pending) {
    pending
        .answer()
        .completeExceptionally(new QuorumException.OutcomeUnknown("The answer was lost"));
  }

  @Override
  public CompletableFuture<ClusterImage> read(long term) {
    CompletableFuture<ClusterImage> answer = new CompletableFuture<>();
    executor.execute(() -> {
      if (leadership().isSelf() && leadership().term() == term) {
        answer.complete(image());
      } else {
        answer.completeExceptionally(new QuorumException.NotLeader("Cannot read"));
      }
    });
    return answer;
  }

  @Override
  public CompletableFuture<Updates> updatesAfter(long version) {
    return replicated.updatesAfter(version);
  }

  @Override
  public boolean isOutside() {
    return false;
  }

  /** A model's voters stay who they are. */
  @Override
  public CompletableFuture<Void> change(VoterChange change) {
    return CompletableFuture.failedFuture(new QuorumException.NotLeader("A model has its voters"));
  }

  @Override
  public QuorumStatus status() {
    long end = log.lastIndex() + 1;
    return new QuorumStatus(
        leadership(), end, List.of(new QuorumStatus.Voter(nodeId, "model:" + nodeId, end, -1)));
  }

  @Override
  public void close() {
    List<Pending> waiting;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      waiting = List.copyOf(queue);
      queue.clear();
    }
    log.leave(this);
    leaderChanged();
    replicated.close(new QuorumException.Closed("The quorum is closed"));
    waiting.forEach(pending ->
        pending.answer().completeExceptionally(new QuorumException.Closed("The quorum is closed")));
  }
}
