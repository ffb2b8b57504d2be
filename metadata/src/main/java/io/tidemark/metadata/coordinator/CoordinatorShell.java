package io.tidemark.metadata.coordinator;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator's core on one partition: loads it, takes its turns, has its records appended and
 * its answers leave when they may.
 *
 * <pre>
 *            elected                 replayed to the end
 *  Resigned ─────────→ Loading ──────────────────────────→ Active
 *     ↑ ↑                │ ↑        append failed, bug        │
 *     │ └── resigned ────┘ └──────────────────────────────────┤
 *     └──────────────────── resigned, closed ─────────────────┘
 * </pre>
 *
 * Whoever asks while it is Resigned gets NOT_COORDINATOR, while Loading
 * COORDINATOR_LOAD_IN_PROGRESS. Leaving Active answers everyone still waiting with NOT_COORDINATOR.
 * Everybody asking is answered.
 *
 * <p>Public methods are safe from any thread; everything else runs on the partition's lane. Closed
 * by the coordinator that made it.
 */
public final class CoordinatorShell<C extends CoordinatorCore> {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorShell.class);

  /** Resigned from all epochs: the replica has left this node, a later one may count from zero. */
  public static final int NO_REPLICA = Integer.MAX_VALUE;

  private static final int NO_EPOCH = -1;
  private static final long FIRST_RETRY_MS = 100;
  private static final long LAST_RETRY_MS = 30_000;

  private final String name;
  private final int partition;
  private final CoordinatorLog log;
  private final CoordinatorPlatform platform;
  private final CoordinatorMeters meters;
  private final long commitTimeoutMs;
  private final IntFunction<C> cores;
  private final Lane lane;
  private final Alarm alarm;

  private Phase phase = new Resigned(NO_EPOCH);
  private long retryMs = FIRST_RETRY_MS;
  private boolean closed;

  /** Tells one load from the next. */
  private long attempts;

  /** Whoever asked and has no answer yet. */
  private final Set<Answer<?>> open = new LinkedHashSet<>();

  /**
   * @param name names the coordinator and its partition in the log
   * @param commitTimeoutMs how long an answer waits for a commit before REQUEST_TIMED_OUT
   * @param cores makes an empty core for every load, which is in a leader epoch
   */
  public CoordinatorShell(
      String name,
      int partition,
      long commitTimeoutMs,
      CoordinatorLog log,
      CoordinatorPlatform platform,
      CoordinatorMeters meters,
      IntFunction<C> cores) {
    this.name = name;
    this.partition = partition;
    this.commitTimeoutMs = commitTimeoutMs;
    this.log = log;
    this.platform = platform;
    this.meters = meters;
    this.cores = cores;
    this.lane = new Lane(platform.executor());
    this.alarm = new Alarm(platform.timers(), platform.time(), () -> lane.execute(this::rang));
  }

  /** What is asked of a core. */
  @FunctionalInterface
  public interface Question<C, T> {
    /** Answers through the turn, now or in a later one, or throws to refuse. */
    void ask(C core, Turn turn, Answer<T> answer);
  }

  private sealed interface Phase {
    int leaderEpoch();
  }

  private record Resigned(int leaderEpoch) implements Phase {}

  private record Loading<C>(int leaderEpoch, C core, long sinceMs, long attempt) implements Phase {}

  private record Active<C>(int leaderEpoch, C core, Pipeline pipeline, long sinceMs)
      implements Phase {}

  /** This node leads the partition in this epoch. */
  public void elected(int leaderEpoch) {
    lane.execute(() -> {
      if (!closed && phase.leaderEpoch() < leaderEpoch) {
        drop(Errors.NOT_COORDINATOR);
        retryMs = FIRST_RETRY_MS;
        load(leaderEpoch);
      }
    });
  }

  /** Whatever this node led the partition in up to this epoch, it does no longer. */
  public void resigned(int leaderEpoch) {
    lane.execute(() -> {
      if (phase.leaderEpoch() <= leaderEpoch) {
        drop(Errors.NOT_COORDINATOR);
        phase = new Resigned(leaderEpoch == NO_REPLICA ? NO_EPOCH : leaderEpoch);
      }
    });
  }

  /** Nobody gets an answer from the core any more. */
  public void close() {
    lane.execute(() -> {
      closed = true;
      drop(Errors.NOT_COORDINATOR);
      phase = new Resigned(NO_EPOCH);
    });
  }

  /** Asks the core. The answer always completes, never exceptionally. */
  public <T> CompletableFuture<T> ask(Answer<T> answer, Question<? super C, T> question) {
    if (!lane.offer(() -> take(answer, question))) {
      answer.refuse(Errors.COORDINATOR_NOT_AVAILABLE);
    }
    return answer.future();
  }

  /** Tells the core something it need not answer; lost when it is not active. */
  public void tell(BiConsumer<? super C, Turn> news) {
    lane.execute(() -> {
      if (phase instanceof Active<?> active) {
        takeTurn(cast(active), turn -> news.accept(CoordinatorShell.<C>cast(active).core(), turn));
      }
    });
  }

  private <T> void take(Answer<T> answer, Question<? super C, T> question) {
    switch (phase) {
      case Resigned resigned -> answer.refuse(Errors.NOT_COORDINATOR);
      case Loading<?> loading -> answer.refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
      case Active<?> active -> {
        if (active.pipeline().isFull()) {
          answer.refuse(Errors.COORDINATOR_NOT_AVAILABLE);
          return;
        }
        answer.owedBy(open);
        Active<C> mine = cast(active);
        takeTurn(mine, turn -> askOrRefuse(mine.core(), turn, answer, question));
      }
    }
  }

  private <T> void askOrRefuse(
      C core, Turn turn, Answer<T> answer, Question<? super C, T> question) {
    try {
      question.ask(core, turn, answer);
    } catch (ApiException refused) {
      if (!turn.entries().isEmpty()) {
        throw new IllegalStateException(name + " refused a request it had acted on", refused);
      }
      turn.answer(answer, answer.refusal(Errors.forException(refused)));
    }
  }

  private void takeTurn(Active<C> active, Consumer<Turn> decide) {
    Turn turn = new Turn(platform.time().milliseconds(), platform.time().hiResClockMs());
    try {
      decide.accept(turn);
    } catch (RuntimeException bug) {
      LOG.error("{} failed to decide; its state is dropped and loaded again", name, bug);
      reload(active);
      return;
    }
    active.pipeline().add(turn);
    setAlarm(active);
  }

  private void rang() {
    alarm.rang();
    if (phase instanceof Active<?> current) {
      Active<C> active = cast(current);
      takeTurn(
          active,
          turn -> {
            if (active.core().nextDeadlineMs() <= turn.monotonicMs()) {
              active.core().wake(turn);
            }
          });
    }
  }

  private void setAlarm(Active<C> active) {
    active.pipeline().expire(platform.time().hiResClockMs());
    alarm.setFor(Math.min(active.core().nextDeadlineMs(), active.pipeline().nextTimeoutMs()));
  }

  // ---------------------------------------------------------------- loading

  private void load(int leaderEpoch) {
    Loading<C> loading =
        new Loading<>(
            leaderEpoch, cores.apply(leaderEpoch), platform.time().hiResClockMs(), ++attempts);
    phase = loading;
    LOG.info("{} is loading in epoch {}", name, leaderEpoch);
    replay(loading)
        .whenComplete((endOffset, error) ->
            lane.execute(() -> {
              if (!isStill(loading)) {
                return;
              }
              if (endOffset == null) {
                LOG.warn("{} could not be loaded in epoch {}", name, leaderEpoch, error);
                loadLater(leaderEpoch);
              } else {
                loaded(loading, endOffset);
              }
            }));
  }

  private CompletableFuture<Long> replay(Loading<C> loading) {
    C core = loading.core();
    try {
      return log.load(partition, loading.leaderEpoch(), new CoreReplay(core));
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private record CoreReplay(CoordinatorCore core) implements CoordinatorLog.Replay {
    @Override
    public void replay(List<CoordinatorRecord> records) {
      records.forEach(core::replay);
    }

    @Override
    public void ended(TransactionEnd end) {
      core.replayEnd(end);
    }
  }

  private void loaded(Loading<C> loading, long endOffset) {
    long nowMs = platform.time().hiResClockMs();
    Pipeline[] own = new Pipeline[1];
    Pipeline pipeline =
        new Pipeline(
            partition,
            loading.leaderEpoch(),
            log,
            lane,
            commitTimeoutMs,
            error -> appendFailed(own[0], error));
    own[0] = pipeline;
    Active<C> active = new Active<>(loading.leaderEpoch(), loading.core(), pipeline, nowMs);
    phase = active;
    meters.loaded(nowMs - loading.sinceMs());
    LOG.info(
        "{} is loaded up to offset {} in epoch {} after {} ms",
        name,
        endOffset,
        loading.leaderEpoch(),
        nowMs - loading.sinceMs());
    pipeline.startAt(endOffset, nowMs);
    takeTurn(active, turn -> active.core().loaded(turn));
  }

  private void appendFailed(Pipeline pipeline, Throwable error) {
    if (phase instanceof Active<?> active && active.pipeline() == pipeline) {
      LOG.warn(
          "{} could not append: {}; its state is dropped and loaded again", name, error.toString());
      reload(cast(active));
    }
  }

  private void reload(Active<C> active) {
    meters.reset();
    if (platform.time().hiResClockMs() - active.sinceMs() > LAST_RETRY_MS) {
      retryMs = FIRST_RETRY_MS;
    }
    drop(Errors.NOT_COORDINATOR);
    loadLater(active.leaderEpoch());
  }

  /** Loads again after a while, which doubles until a new epoch: the cause may last. */
  private void loadLater(int leaderEpoch) {
    Loading<C> waiting =
        new Loading<>(
            leaderEpoch, cores.apply(leaderEpoch), platform.time().hiResClockMs(), ++attempts);
    phase = waiting;
    long delayMs = retryMs;
    retryMs = Math.min(LAST_RETRY_MS, 2 * retryMs);
    try {
      platform
          .timers()
          .schedule(() -> lane.execute(() -> loadIfStill(waiting)), delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException shutDown) {
      phase = new Resigned(leaderEpoch);
    }
  }

  private void loadIfStill(Loading<C> waiting) {
    if (isStill(waiting)) {
      load(waiting.leaderEpoch());
    }
  }

  private boolean isStill(Loading<C> loading) {
    return phase instanceof Loading<?> now && now.attempt() == loading.attempt();
  }

  /** Throws the core away and sends away everyone it still owes an answer. */
  private void drop(Errors error) {
    if (phase instanceof Active<?> active) {
      active.pipeline().close();
      CoordinatorShell.<C>cast(active).core().dropped();
    }
    alarm.cancel();
    phase = new Resigned(phase.leaderEpoch());
    Set<Answer<?>> waiting = new LinkedHashSet<>(open);
    open.clear();
    waiting.forEach(answer -> answer.refuse(error));
  }

  /** The phases of one shell hold cores of its own kind only. */
  @SuppressWarnings("unchecked")
  private static <C extends CoordinatorCore> Active<C> cast(Active<?> active) {
    return (Active<C>) active;
  }
}
