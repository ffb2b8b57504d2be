package io.tidemark.tiering;

import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.log.replica.ReplicaWatch;
import io.tidemark.tiering.compact.SwapDesk;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.upload.CopyLag;
import io.tidemark.tiering.upload.UploadDecision;
import io.tidemark.tiering.upload.UploadPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The tier's life cycle of one partition. It rests until its replica changes or a time comes; a
 * <em>look</em> then does what needs no waiting ({@link LocalWork}) and asks for a <em>turn</em>
 * when the cold tier has work ({@link ColdTurn}), which ends with another look.
 *
 * <pre>
 *   replica changed ─┐                      ┌─▶ local deletion, hot retention, roll by age
 *   time has come  ──┴─▶ tick ─▶ look ──────┤
 *                                 ▲         └─▶ turn requested ─▶ turn ─┐
 *                                 └─────────────────────────────────────┘ failed: not before backoff
 * </pre>
 *
 * Looks come from the tick or the turn's end, one at a time, and never wait; turns are one at a
 * time and do. An idle partition costs these objects and one comparison a tick.
 */
final class PartitionTier extends Turns.Taker {
  /** A look comes at least this often, should a wake-up ever be missed. */
  private static final long LONGEST_REST_MS = 60_000;

  /** A turn that found nothing it could do is not repeated sooner. */
  private static final long NO_PROGRESS_PAUSE_MS = 1_000;

  /** The image will tell soon that another node leads; or this node registers anew. */
  private static final long FENCED_PAUSE_MS = 30_000;

  private final Replica replica;
  private final ReplicaWatch watch;
  private final HotLog hotLog;
  private final LocalWork local;
  private final ActiveAge activeAge = new ActiveAge();
  private final TieringSettings settings;
  private final TieringPlatform platform;
  private final TieringMetrics metrics;
  private final FailureLog failureLog;
  private final Turns turns;
  private final SwapDesk desk = new SwapDesk();
  private final @Nullable ColdTurn cold;
  private final @Nullable ColdCompaction compaction;
  private long leftoversNotBeforeMs;

  /**
   * Guards a look and {@link #activeAge}, {@link #nextHotRetentionMs}; never held while waiting.
   */
  private final ReentrantLock looking = new ReentrantLock();

  private long nextHotRetentionMs;

  /** The cold tier is being emptied: the hot log is the only place there is. */
  private boolean holdsHot;

  /** Set by whoever wakes it, read by the tick. */
  private volatile boolean isWoken = true;

  private volatile long dueMs;
  private volatile boolean isStopped;
  private volatile boolean isDeleted;

  /** The newest state seen to be committed. Written by the turn, read by looks and status. */
  private volatile @Nullable TierState state;

  /** The turn knows the current manifest and needs not ask the quorum first. */
  private volatile boolean isLeading;

  /** Nothing of the partition was in the store when it was last searched. */
  private volatile boolean isSweptClean;

  private volatile long turnNotBeforeMs;
  private volatile int failures;

  /** Written by looks, for status. */
  private volatile TopicTier status;

  /** Used by the turn only. */
  private @Nullable Lead lead;

  PartitionTier(
      Replica replica,
      TieringSettings settings,
      TieringPlatform platform,
      TieringMetrics metrics,
      FailureLog failureLog,
      Turns turns,
      Turns rewrites,
      LogStarts logStarts,
      @Nullable ColdWorkshop shop) {
    this.replica = replica;
    this.settings = settings;
    this.platform = platform;
    this.metrics = metrics;
    this.failureLog = failureLog;
    this.turns = turns;
    this.hotLog = new HotLog(replica);
    this.local = new LocalWork(replica, logStarts, metrics, this::wake, this::localFailed);
    this.cold = shop == null ? null : new ColdTurn(replica, hotLog, shop, desk, this::holdHot);
    this.compaction =
        shop == null || !settings.compaction().isEnabled()
            ? null
            : new ColdCompaction(
                replica, shop, desk, rewrites, () -> turns.request(this), this::rewriteFailed);
    this.leftoversNotBeforeMs =
        shop == null ? 0 : platform.nowMs() + shop.jitter(settings.sweepIntervalMs());
    this.status = nothingKnown();
    this.watch = replica.watch(changed -> wake());
  }

  /** Where the replica lies now. */
  Path logDirectory() {
    return replica.view().logDirectory();
  }

  /** To be looked at by the next tick. Any thread. */
  void wake() {
    isWoken = true;
  }

  /** Looks if it was woken or its time has come. */
  void tick(long nowMs) {
    if (isWoken || nowMs >= dueMs) {
      isWoken = false;
      look();
    }
  }

  /** Ends the partition's work here; a turn under way ends by itself and changes nothing more. */
  void stop(boolean deleted) {
    isDeleted |= deleted;
    isStopped = true;
    if (compaction != null) {
      compaction.stop();
    }
    watch.close();
    if (deleted && cold != null) {
      turns.request(this);
    }
  }

  TopicTier status() {
    return status;
  }

  private void look() {
    looking.lock();
    try {
      if (!isStopped) {
        long nowMs = platform.nowMs();
        ReplicaView view = watch.look();
        dueMs = nowMs + LONGEST_REST_MS;
        if (view.isOnline()) {
          look(hotLog.read(view), nowMs, platform.time().milliseconds());
        }
      }
    } catch (Exception | Error e) {
      failed(FailureKind.LOCAL, e);
    } finally {
      looking.unlock();
    }
  }

  private void look(HotLog.State hot, long nowMs, long wallMs) {
    ReplicaView view = hot.view();
    TierState known = stateOf(view);
    long tieredOffset = known == null ? view.tieredOffset() : known.tieredOffset();
    long lagMs = activeAge.ageMs(hot.active(), nowMs, wallMs);
    status = status(hot, known, tieredOffset, lagMs, wallMs);
    // A leader goes by the manifest it has seen, a follower by what its image says.
    if (!local.isChanging() && !holdsHot && !(view.isLeader() && known == null)) {
      long from = known == null ? 0 : known.firstOffset();
      restUntil(nowMs, local.dropTiered(hot, from, tieredOffset, wallMs) - wallMs);
    }
    if (!view.isLeader()) {
      return;
    }
    if (!isTiered(view)) {
      lookAtHotRetention(hot, nowMs, wallMs);
      lookForLeftovers(hot, known, nowMs, wallMs);
    } else if (cold != null) {
      isSweptClean = false;
      // What is being emptied when tiering is switched off is looked after to its end.
      leftoversNotBeforeMs = nowMs;
      lookAtAge(hot, lagMs, nowMs);
      lookAtColdTier(hot, known, tieredOffset, nowMs, wallMs);
    }
  }

  private void holdHot(boolean holds) {
    looking.lock();
    try {
      holdsHot = holds;
    } finally {
      looking.unlock();
    }
  }

  /** Whether the partition has, or is to have, anything in the bucket. */
  private static boolean isTiered(ReplicaView view) {
    return view.config().remoteStorageEnable() || view.tieredOffset() > 0;
  }

  /**
   * Uploads may have failed before tiering was switched off, in this life or an earlier one: the
   * store is searched until nothing is found there, then left alone.
   */
  private void lookForLeftovers(
      HotLog.State hot, @Nullable TierState known, long nowMs, long wallMs) {
    if (cold == null || isSweptClean) {
      return;
    }
    if (nowMs >= leftoversNotBeforeMs) {
      lookAtColdTier(hot, known, 0, nowMs, wallMs);
    } else {
      restUntil(nowMs, leftoversNotBeforeMs - nowMs);
    }
  }

  private void lookAtHotRetention(HotLog.State hot, long nowMs, long wallMs) {
    if (local.isChanging()) {
      return;
    }
    if (nowMs >= nextHotRetentionMs && !local.retainHot(hot, wallMs)) {
      nextHotRetentionMs = nowMs + settings.retentionCheckMs();
    }
    restUntil(nowMs, nextHotRetentionMs - nowMs);
  }

  private void lookAtAge(HotLog.State hot, long ageMs, long nowMs) {
    if (!ColdTurn.uploads(hot.view()) || local.isChanging()) {
      return;
    }
    long bytes = hot.active().sizeBytes();
    if (settings.uploadAge().closes(bytes, ageMs)) {
      local.roll();
    } else if (bytes > 0) {
      restUntil(nowMs, settings.uploadAge().limitMs(bytes) - ageMs);
    }
  }

  private void lookAtColdTier(
      HotLog.State hot, @Nullable TierState known, long tieredOffset, long nowMs, long wallMs) {
    ReplicaView view = hot.view();
    boolean isWanted =
        !isLeading
            || known == null
            || nowMs >= known.nextDueMs()
            || known.oldestNextOffset() <= view.logStartOffset()
            || desk.waiting() != null
            || ColdTurn.leaves(known, view);
    if (ColdTurn.uploads(view)) {
      switch (nextUpload(hot, tieredOffset, wallMs)) {
        case UploadDecision.Upload(long baseOffset) -> isWanted = true;
        case UploadDecision.NotBefore(long timeMs) -> restUntil(nowMs, timeMs - wallMs);
        case UploadDecision.Nothing() -> {}
      }
    }
    if (compaction != null && known != null) {
      restUntil(nowMs, compaction.look(nowMs) - nowMs);
    }
    if (isWanted && nowMs >= turnNotBeforeMs) {
      turns.request(this);
    } else {
      long dueAgainMs = isWanted || known == null ? nowMs : known.nextDueMs();
      restUntil(nowMs, Math.max(dueAgainMs, turnNotBeforeMs) - nowMs);
    }
  }

  private static UploadDecision nextUpload(HotLog.State hot, long tieredOffset, long wallMs) {
    ReplicaView view = hot.view();
    return UploadPolicy.decide(
        CopyLag.of(view.config()),
        wallMs,
        view.logStartOffset(),
        tieredOffset,
        view.lastStableOffset(),
        hot.closedSpans(),
        hot.active().sizeBytes());
  }

  private void restUntil(long nowMs, long inMs) {
    dueMs = Math.min(dueMs, nowMs + Math.clamp(inMs, 0, LONGEST_REST_MS));
  }

  @Override
  void takeTurn() {
    ReplicaView view = replica.view();
    try {
      if (isStopped || !view.isLeader() || cold == null) {
        endLead();
        return;
      }
      boolean worked = turn(cold, view);
      failures = 0;
      failureLog.succeeded(platform.nowMs());
      turnNotBeforeMs = worked ? 0 : platform.nowMs() + NO_PROGRESS_PAUSE_MS;
    } catch (Exception | Error e) {
      endLead();
      if (FailureKind.of(e) == FailureKind.FENCED) {
        metrics.failed(FailureKind.FENCED);
        turnNotBeforeMs = platform.nowMs() + FENCED_PAUSE_MS;
      } else {
        turnFailed(e);
      }
    }
    look();
  }

  private boolean turn(ColdTurn turn, ReplicaView view) throws Exception {
    Lead current = lead;
    if (current == null || current.leaderEpoch() != view.leaderEpoch()) {
      current = turn.takeOver(view);
      lead = current;
      state = current.state();
      isLeading = true;
    }
    try {
      boolean worked = turn.work(current);
      if (compaction != null) {
        compaction.committed(current.leaderEpoch(), current.manifest());
      }
      return worked;
    } finally {
      turn.settleSwap();
      state = current.state();
      isSweptClean = current.isSweptClean();
    }
  }

  /** What was known may be wrong now: it is read anew before anything else is done. */
  private void endLead() {
    lead = null;
    isLeading = false;
    desk.refuse();
    if (compaction != null) {
      compaction.ended();
    }
    if (isDeleted && cold != null) {
      try {
        cold.removeStrays();
      } catch (ObjectStoreException e) {
        failed(FailureKind.of(e), e);
      }
    }
  }

  private void turnFailed(Throwable failure) {
    int count = failures + 1;
    failures = count;
    failed(FailureKind.of(failure), failure);
    turnNotBeforeMs = platform.nowMs() + settings.retry().delayMs(count, platform.random());
  }

  private void localFailed(Throwable failure) {
    FailureKind kind = FailureKind.ofLocal(failure);
    if (kind == FailureKind.FENCED) {
      metrics.failed(kind);
    } else {
      failed(kind, failure);
    }
  }

  private void rewriteFailed(Throwable failure) {
    failed(FailureKind.REWRITE, failure);
  }

  private void failed(FailureKind kind, Throwable failure) {
    if (!isStopped) {
      metrics.failed(kind);
      failureLog.failed(kind, replica.id() + ": " + failure, platform.nowMs());
    }
  }

  private @Nullable TierState stateOf(ReplicaView view) {
    TierState known = state;
    return known != null && view.isLeader() && known.leaderEpoch() == view.leaderEpoch()
        ? known
        : null;
  }

  private TopicTier status(
      HotLog.State hot, @Nullable TierState known, long tieredOffset, long activeMs, long wallMs) {
    ReplicaView view = hot.view();
    boolean waits = view.isLeader() && ColdTurn.uploads(view);
    List<HotLog.HotSegment> waiting = waits ? hot.waiting(tieredOffset) : List.of();
    long closedBytes = hot.closed().stream().mapToLong(s -> s.span().sizeBytes()).sum();
    long oldestMs = waiting.isEmpty() ? 0 : Math.max(0, wallMs - waiting.getFirst().writtenMs());
    return new TopicTier(
        view.id().topicId(),
        view.id().topic(),
        1,
        isTiered(view),
        closedBytes + hot.active().sizeBytes(),
        known == null ? 0 : known.sizeBytes(),
        hot.closed().size(),
        known == null ? 0 : known.segments(),
        known == null || compaction == null ? 0 : compaction.dirtyBytes(),
        waiting.size(),
        waiting.stream().mapToLong(s -> s.span().sizeBytes()).sum(),
        oldestMs,
        waits ? Math.max(oldestMs, activeMs) : 0,
        failures > 0 ? 1 : 0);
  }

  private TopicTier nothingKnown() {
    return new TopicTier(
        replica.id().topicId(), replica.id().topic(), 1, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
