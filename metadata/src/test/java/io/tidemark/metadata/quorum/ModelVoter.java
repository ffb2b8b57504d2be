package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.image.ClusterImage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One of several voters of a {@link ModelRaft}, with its own, late view: it hears of commits and of
 * leaders after a delay, goes on believing that it leads while it is cut off, until it has missed a
 * majority for the election time, and cannot tell what became of what it wrote then.
 *
 * <p>Everything happens as tasks of its executor, which runs one at a time; a simulation with one
 * thread decides when. {@link #crash} throws it away as a kill would.
 */
public final class ModelVoter implements Quorum {
  private static final long BEAT_MS = 100;

  private record Pending(long term, long index, CompletableFuture<Appended> answer) {}

  private record Reading(long term, CompletableFuture<ClusterImage> answer) {}

  private final int nodeId;
  private final ModelRaft raft;
  private final ScheduledExecutorService executor;
  private final RandomGenerator random;
  private final long delayMs;
  private final long electionMs;
  private final ReplicatedImage replicated = new ReplicatedImage();

  // Of the executor.
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final List<Reading> readings = new ArrayList<>();
  private final List<Consumer<Leadership>> listeners = new ArrayList<>();
  private final List<Appended> outcomes = new ArrayList<>();
  private int applied;
  private long missedMajorityMs;
  private double lostAnswers;

  private volatile Leadership leadership = Leadership.UNKNOWN;
  private volatile boolean closed;

  private ModelVoter(
      int nodeId,
      ModelRaft raft,
      ScheduledExecutorService executor,
      RandomGenerator random,
      long delayMs,
      long electionMs) {
    this.nodeId = nodeId;
    this.raft = raft;
    this.executor = executor;
    this.random = random;
    this.delayMs = delayMs;
    this.electionMs = electionMs;
  }

  /**
   * Opens a voter, which finds what it had on its disk.
   *
   * @param delayMs the longest way from one voter to another
   * @param electionMs a leader that misses its majority for so long knows that it leads no more
   */
  public static ModelVoter open(
      int nodeId,
      ModelRaft raft,
      ScheduledExecutorService executor,
      RandomGenerator random,
      long delayMs,
      long electionMs) {
    ModelVoter voter = new ModelVoter(nodeId, raft, executor, random, delayMs, electionMs);
    voter.apply();
    raft.join(voter);
    executor.scheduleAtFixedRate(voter::tick, BEAT_MS, BEAT_MS, TimeUnit.MILLISECONDS);
    return voter;
  }

  /** From now on the outcome of this share of appends stays unknown to who asked for them. */
  public void loseAnswers(double share) {
    lostAnswers = share;
  }

  /** Ends the voter like a process that is killed: nothing pending is answered. */
  public void crash() {
    closed = true;
    raft.leave(this);
  }

  // ---- time

  private void tick() {
    if (closed) {
      return;
    }
    if (leadership.isSelf()) {
      lead(leadership.term());
      return;
    }
    long term = raft.campaign(nodeId);
    if (term > 0) {
      after(() -> elected(term));
    }
  }

  private void elected(long term) {
    if (raft.leads(nodeId, term)) {
      apply();
      missedMajorityMs = 0;
      believe(new Leadership(nodeId, term, true));
      lead(term);
    }
  }

  private void lead(long term) {
    missedMajorityMs = raft.hasMajority(nodeId) ? 0 : missedMajorityMs + BEAT_MS;
    if (missedMajorityMs > electionMs || !raft.leads(nodeId, term)) {
      raft.stepDown(nodeId, term);
      believe(new Leadership(Leadership.NOBODY, term, false));
      return;
    }
    Leadership mine = leadership;
    for (ModelVoter other : raft.beat(nodeId, term)) {
      other.after(() -> other.heard(mine));
    }
    progress();
  }

  /** A leader speaks: this voter learns who it is and what is committed. */
  private void heard(Leadership ofLeader) {
    if (ofLeader.term() >= leadership.term()
        && !(leadership.isSelf() && ofLeader.term() == leadership.term())) {
      believe(new Leadership(ofLeader.leaderId(), ofLeader.term(), false));
    }
    apply();
  }

  private void believe(Leadership next) {
    if (next.equals(leadership)) {
      return;
    }
    leadership = next;
    if (!next.isSelf()) {
      giveUp();
    }
    listeners.forEach(listener -> listener.accept(next));
  }

  /** What was written may be part of the next leader's log. */
  private void giveUp() {
    List<Pending> unknown = List.copyOf(pending);
    List<Reading> unread = List.copyOf(readings);
    pending.clear();
    readings.clear();
    unknown.forEach(each ->
        each.answer()
            .completeExceptionally(new QuorumException.OutcomeUnknown("It leads no more")));
    unread.forEach(each ->
        each.answer().completeExceptionally(new QuorumException.NotLeader("It leads no more")));
  }

  private void after(Runnable task) {
    try {
      executor.schedule(
          () -> {
            if (!closed) {
              task.run();
            }
          },
          random.nextLong(delayMs + 1),
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // its thread has ended: nobody hears of it
    }
  }

  // ---- the log

  private void apply() {
    for (ModelRaft.Entry entry : raft.entriesFrom(applied, nodeId)) {
      applied++;
      if (entry.bytes() != null) {
        Appended outcome = replicated.apply(entry.index(), entry.term(), entry.batch());
        answer(outcome);
      }
    }
  }

  private void answer(Appended outcome) {
    Pending first = pending.peek();
    if (first == null || first.index() != outcome.index()) {
      return;
    }
    pending.remove();
    if (random.nextDouble() < lostAnswers) {
      first
          .answer()
          .completeExceptionally(new QuorumException.OutcomeUnknown("The answer was lost"));
    } else {
      first.answer().complete(outcome);
    }
  }

  /** Commits what can be, answers what is, confirms reads. */
  private void progress() {
    long term = leadership.term();
    raft.commit(nodeId, term);
    apply();
    if (raft.leads(nodeId, term) && raft.hasMajority(nodeId)) {
      List<Reading> confirmed = List.copyOf(readings);
      readings.clear();
      confirmed.forEach(reading -> reading.answer().complete(image()));
    }
  }

  @Override
  public CompletableFuture<Appended> append(long term, List<Event> events) {
    ByteBuffer bytes = ByteBuffer.wrap(EventCodec.encode(new EventCodec.Batch(term, events)));
    CompletableFuture<Appended> answer = new CompletableFuture<>();
    executed(answer, () -> write(term, bytes, answer));
    return answer;
  }

  private void write(long term, ByteBuffer bytes, CompletableFuture<Appended> answer) {
    Leadership now = leadership;
    if (!now.isSelf() || now.term() != term) {
      answer.completeExceptionally(new QuorumException.NotLeader("Another leads or another term"));
      return;
    }
    ModelRaft.Entry entry = raft.write(nodeId, term, bytes);
    if (entry == null) {
      // It does not know yet that it leads no more; its entry is on its own disk, and overwritten.
      answer.completeExceptionally(new QuorumException.OutcomeUnknown("It leads no more"));
      return;
    }
    pending.add(new Pending(term, entry.index(), answer));
    after(this::progress);
  }

  @Override
  public CompletableFuture<ClusterImage> read(long term) {
    CompletableFuture<ClusterImage> answer = new CompletableFuture<>();
    executed(
        answer,
        () -> {
          Leadership now = leadership;
          if (!now.isSelf() || now.term() != term) {
            answer.completeExceptionally(new QuorumException.NotLeader("Cannot read"));
          } else {
            readings.add(new Reading(term, answer));
            after(this::progress);
          }
        });
    return answer;
  }

  private void executed(CompletableFuture<?> answer, Runnable task) {
    QuorumException.Closed refusal = new QuorumException.Closed("The quorum is closed");
    if (closed) {
      answer.completeExceptionally(refusal);
      return;
    }
    try {
      executor.execute(() -> {
        if (closed) {
          answer.completeExceptionally(refusal);
        } else {
          task.run();
        }
      });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(refusal);
    }
  }

  // ---- what it knows

  @Override
  public int nodeId() {
    return nodeId;
  }

  @Override
  public Leadership leadership() {
    return leadership;
  }

  @Override
  public void listen(Consumer<Leadership> listener) {
    executor.execute(() -> {
      listeners.add(listener);
      listener.accept(leadership);
    });
  }

  @Override
  public ClusterImage image() {
    return replicated.image();
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
    long end = raft.endIndex();
    return new QuorumStatus(
        leadership, end, List.of(new QuorumStatus.Voter(nodeId, "model:" + nodeId, end, -1)));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    raft.leave(this);
    raft.stepDown(nodeId, leadership.term());
    leadership = Leadership.UNKNOWN;
    replicated.close(new QuorumException.Closed("The quorum is closed"));
    List<@Nullable Pending> waiting = new ArrayList<>(pending);
    pending.clear();
    waiting.forEach(each ->
        each.answer().completeExceptionally(new QuorumException.Closed("The quorum is closed")));
  }
}
