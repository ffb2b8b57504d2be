package io.tidemark.metadata.controller;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.quorum.Appended;
import io.tidemark.metadata.quorum.Leadership;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.QuorumException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides one call after the other, but only while this voter leads the quorum.
 *
 * <pre>
 *                     leads                     barrier committed
 *   Inactive ─────────────────► Activating ─────────────────────► Active
 *      ▲ ▲                          │                                │
 *      │ └──────── lost, failed ────┘                                │
 *      └─────────────── lost, an outcome unknown ────────────────────┘
 *
 *   Active:  calls ──► queue ──► decided on the committed image and the draft so far
 *            draft ──► entries ──► quorum ──► committed ──► answered;  meanwhile calls queue up
 * </pre>
 *
 * <p>Nothing is ever decided on what is not committed, except on earlier decisions of the same
 * draft. The barrier, an entry of its own, makes sure that whatever an earlier leadership wrote is
 * committed or lost before the first decision. A draft without events is confirmed by a
 * linearizable read before it is answered, so a leader that was replaced answers nothing.
 *
 * <p>All fields are the mailbox's, which runs one task at a time; {@link #submit} is safe from any
 * thread. Closed by the controller.
 */
final class DecisionLoop {
  private static final Logger LOG = LoggerFactory.getLogger(DecisionLoop.class);
  private static final int MAX_DECISIONS = 1_000;
  private static final int MAX_GROUPS = 10_000;
  private static final long RETRY_MS = 100;

  /** Hears of the loop's life, on the mailbox. */
  interface Listener {

    /** This node decides from now on. */
    void activated(ClusterImage image);

    /** Something was committed, or the same image was confirmed. */
    void committed(ClusterImage image);

    void deactivated();
  }

  private enum State {
    INACTIVE,
    ACTIVATING,
    ACTIVE
  }

  /**
   * A call that waits to be decided.
   *
   * @param endsDraft whether later decisions must wait until this one is committed
   */
  record Call<T>(
      String name, Decision<T> decision, boolean endsDraft, CompletableFuture<T> future) {

    /** Decides, and returns what answers when the draft is committed. */
    Answer decide(Draft draft) {
      try {
        Function<ClusterImage, T> answer = decision.decide(draft);
        return new Answer(this, image -> future.complete(answer.apply(image)));
      } catch (ApiException e) {
        return new Answer(this, _ -> future.completeExceptionally(e));
      } catch (RuntimeException e) {
        LOG.error("{} could not be decided", name, e);
        return new Answer(
            this, _ -> future.completeExceptionally(new UnknownServerException(e.getMessage())));
      }
    }

    void fail(Throwable error) {
      future.completeExceptionally(error);
    }
  }

  record Answer(Call<?> call, Consumer<ClusterImage> give) {

    void give(ClusterImage image) {
      try {
        give.accept(image);
      } catch (RuntimeException e) {
        call.fail(e);
      }
    }
  }

  private final Quorum quorum;
  private final int maxWaiting;
  private final ControllerRuntime runtime;
  private final Mailbox mailbox;
  private final Listener listener;
  private final Timer commitTimer;

  /** Calls that are waiting; counted because any thread may be refused when there are too many. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final Deque<Call<?>> calls = new ArrayDeque<>();

  /** Volatile because a gauge reads it. */
  private volatile State state = State.INACTIVE;

  private long term;
  private boolean inFlight;
  private boolean closed;

  /** Which activation is running; what an older one started may not touch the state. */
  private int activation;

  DecisionLoop(
      Quorum quorum,
      int maxWaiting,
      ControllerRuntime runtime,
      Mailbox mailbox,
      Listener listener) {
    this.quorum = quorum;
    this.maxWaiting = maxWaiting;
    this.runtime = runtime;
    this.mailbox = mailbox;
    this.listener = listener;
    commitTimer =
        Timer.builder("tidemark.controller.commit")
            .description("Time from writing the events of decided calls to their commit")
            .register(runtime.meters());
    Gauge.builder("tidemark.controller.active", () -> isActive() ? 1 : 0)
        .description("1 where this node is the cluster's controller")
        .register(runtime.meters());
    Gauge.builder("tidemark.controller.waiting.calls", waiting, AtomicInteger::get)
        .description("Calls that wait to be decided")
        .register(runtime.meters());
  }

  void start() {
    quorum.listen(now -> mailbox.execute(() -> leadershipChanged(now)));
  }

  boolean isActive() {
    return state == State.ACTIVE;
  }

  private void leadershipChanged(Leadership now) {
    if (closed) {
      return;
    }
    if (!now.isSelf()) {
      deactivate("node %d leads the quorum in term %d".formatted(now.leaderId(), now.term()));
    } else if (state == State.INACTIVE || now.term() != term) {
      activate(now.term());
    }
  }

  private void activate(long newTerm) {
    activation++;
    int mine = activation;
    state = State.ACTIVATING;
    term = newTerm;
    inFlight = false;
    quorum
        .append(newTerm, List.of(new Event.ControllerElected(quorum.nodeId(), newTerm)))
        .whenCompleteAsync((done, error) -> barrierWritten(mine, done, error), mailbox);
  }

  private void barrierWritten(int mine, @Nullable Appended done, @Nullable Throwable error) {
    if (mine != activation || closed) {
      return;
    }
    if (done == null || done.refused() > 0) {
      retryActivation(mine, String.valueOf(error));
    } else if (!quorum.image().hasClusterId()) {
      quorum
          .append(term, formation())
          .whenCompleteAsync((formed, e) -> barrierWritten(mine, formed, e), mailbox);
    } else {
      becomeActive();
    }
  }

  private List<Event> formation() {
    List<Event> events = new ArrayList<>();
    events.add(new Event.ClusterFormed(TopicIds.random(runtime.random()).toString()));
    new TreeMap<>(Features.INITIAL)
        .forEach((name, level) ->
            events.add(new Event.FeatureFinalised(name, level, Event.EPOCH_IS_INDEX)));
    return events;
  }

  private void retryActivation(int mine, String why) {
    LOG.debug("The controller could not take over in term {}: {}", term, why);
    deactivate("the quorum did not confirm term " + term);
    runtime
        .timers()
        .schedule(
            () -> mailbox.execute(() -> activateAgain(mine)), RETRY_MS, TimeUnit.MILLISECONDS);
  }

  private void activateAgain(int mine) {
    Leadership now = quorum.leadership();
    if (mine == activation && state == State.INACTIVE && now.isSelf() && !closed) {
      activate(now.term());
    }
  }

  private void becomeActive() {
    state = State.ACTIVE;
    LOG.info(
        "Node {} is the controller of cluster {} in term {}",
        quorum.nodeId(),
        quorum.image().clusterId(),
        term);
    listener.activated(quorum.image());
    decide();
  }

  private void deactivate(String why) {
    if (state == State.ACTIVE) {
      LOG.info("Node {} is no longer the controller: {}", quorum.nodeId(), why);
    }
    state = State.INACTIVE;
    listener.deactivated();
    while (!calls.isEmpty()) {
      nextCall().fail(new NotControllerException("This node is not the controller: " + why));
    }
  }

  /** Queues a call; it is decided after those queued before. */
  <T> CompletableFuture<T> submit(Call<T> call) {
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      call.fail(new TimeoutException("The controller has too many calls waiting; try again"));
      return call.future();
    }
    mailbox.execute(() -> enqueue(call));
    return call.future();
  }

  private void enqueue(Call<?> call) {
    calls.add(call);
    if (state == State.INACTIVE) {
      nextCall().fail(new NotControllerException("This node is not the controller"));
      return;
    }
    decide();
  }

  private Call<?> nextCall() {
    waiting.decrementAndGet();
    return calls.remove();
  }

  private void decide() {
    if (state != State.ACTIVE || inFlight || calls.isEmpty()) {
      return;
    }
    Draft draft = new Draft(quorum.image());
    List<Answer> answers = new ArrayList<>();
    boolean open = true;
    while (open && !calls.isEmpty()) {
      Call<?> call = nextCall();
      answers.add(call.decide(draft));
      open =
          !call.endsDraft() && answers.size() < MAX_DECISIONS && draft.groups().size() < MAX_GROUPS;
    }
    inFlight = true;
    int mine = activation;
    if (draft.isEmpty()) {
      quorum.read(term).whenCompleteAsync((image, error) -> settled(mine, answers, error), mailbox);
    } else {
      write(mine, draft, answers);
    }
  }

  private void write(int mine, Draft draft, List<Answer> answers) {
    Timer.Sample sample = Timer.start(runtime.meters());
    List<CompletableFuture<Appended>> entries =
        EntryPacker.pack(draft.groups()).stream()
            .map(events -> quorum.append(term, events))
            .toList();
    CompletableFuture.allOf(entries.toArray(CompletableFuture<?>[]::new))
        .whenCompleteAsync(
            (_, error) -> {
              sample.stop(commitTimer);
              settled(mine, answers, error == null ? refusal(entries) : worst(entries));
            },
            mailbox);
  }

  private static @Nullable Throwable refusal(List<CompletableFuture<Appended>> entries) {
    int refused = entries.stream().mapToInt(entry -> entry.join().refused()).sum();
    return refused == 0
        ? null
        : new QuorumException.OutcomeUnknown(
            "%d events were refused: what they were decided on had moved".formatted(refused));
  }

  /** Of several entries: certainly nothing was written only if that is so of each. */
  private static Throwable worst(List<CompletableFuture<Appended>> entries) {
    Throwable worst = null;
    boolean nothingWritten = true;
    for (CompletableFuture<Appended> entry : entries) {
      Throwable error = entry.isCompletedExceptionally() ? cause(entry.exceptionNow()) : null;
      nothingWritten &= error instanceof QuorumException.NotLeader;
      worst = error == null ? worst : error;
    }
    return nothingWritten && worst != null
        ? worst
        : new QuorumException.OutcomeUnknown(String.valueOf(worst));
  }

  static Throwable cause(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  private void settled(int mine, List<Answer> answers, @Nullable Throwable error) {
    boolean isCurrent = mine == activation;
    if (isCurrent) {
      inFlight = false;
    }
    if (error != null) {
      answers.forEach(answer -> answer.call().fail(refused(cause(error))));
      if (isCurrent && state == State.ACTIVE) {
        retryActivation(mine, error.toString());
      }
      return;
    }
    ClusterImage image = quorum.image();
    listener.committed(image);
    answers.forEach(answer -> answer.give(image));
    if (isCurrent) {
      decide();
    }
  }

  /** What the caller is told when the quorum did not do its part. */
  static ApiException refused(Throwable error) {
    return switch (error) {
      case QuorumException.NotLeader e -> new NotControllerException(e.getMessage());
      case QuorumException.Closed e -> new NotControllerException(e.getMessage());
      case QuorumException.Busy e -> new TimeoutException(e.getMessage());
      case QuorumException.Alone e -> new InvalidRequestException(e.getMessage());
      default ->
          new TimeoutException(
              "Whether it was done is not known; ask again (%s)".formatted(error.getMessage()));
    };
  }

  /** Ends the loop, on the mailbox. Idempotent. */
  void close() {
    closed = true;
    activation++;
    deactivate("it is closing");
  }
}
