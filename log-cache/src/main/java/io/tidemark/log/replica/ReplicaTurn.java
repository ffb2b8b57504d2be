package io.tidemark.log.replica;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.partition.PartitionLog;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.validate.ValidatedBatches;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a replica in a turn of its queue: the log changes first, the core is told, the
 * new view is published, and only then does anybody hear of it. All methods but {@link #view},
 * {@link #hangs} and {@link #needsTick} are called by whoever drains the partition, one at a time.
 *
 * <pre>
 *   change ─▶ PartitionLog ─▶ ReplicaCore ─▶ publish view ─▶ acknowledge, propose ─▶ wake watchers
 * </pre>
 */
final class ReplicaTurn {
  private static final Logger logger = LoggerFactory.getLogger(ReplicaTurn.class);

  private final CurrentLog current;
  private final NodeParts node;
  private final AppendDrain drain;
  private final ReplicaCore<PendingAppend> core;
  private final Flusher flusher;
  private final CommitQueue<PendingAppend> waitingForFlush = new CommitQueue<>();
  private final Unforced unforced = new Unforced();
  private final Publication publication;
  private final DiskOperation moving = new DiskOperation();

  ReplicaTurn(
      CurrentLog current,
      NodeParts node,
      AppendDrain drain,
      PartitionQueue queue,
      Runnable wakeWatchers) {
    this.current = current;
    this.node = node;
    this.drain = drain;
    this.core =
        new ReplicaCore<>(
            log().id(),
            node.settings().nodeId(),
            node.settings().replicaLagTimeMaxMs(),
            node.isrChanges()::eligibleNodeEpoch,
            openedOffsets(),
            log().config().minInsyncReplicas());
    this.flusher = new Flusher(current, queue, node, this::flushed, this::storageFailed);
    core.offsets().countOnlyTo(countedEndOffset());
    this.publication = new Publication(current, core, node, queue, wakeWatchers);
  }

  private CoreOffsets openedOffsets() {
    long start = log().offsets().logStartOffset();
    return new CoreOffsets(
        start,
        log().offsets().localLogStartOffset(),
        log().checkpointedHighWatermark().orElse(start),
        log().offsets().logEndOffset());
  }

  private PartitionLog log() {
    return current.log();
  }

  ReplicaView view() {
    return publication.view();
  }

  boolean hangs(long nowNs) {
    long stallNs = node.settings().dirStallMs() * 1_000_000;
    return drain.writing().hangsFor(stallNs, nowNs)
        || flusher.flushing().hangsFor(stallNs, nowNs)
        || moving.hangsFor(stallNs, nowNs);
  }

  /** Whether the passing of time may mean anything: there are followers, or flushes by time. */
  boolean needsTick() {
    ReplicaView now = publication.view();
    return (now.isLeader() && now.replicaCount() > 1)
        || now.config().flushMs() < Long.MAX_VALUE
        || flusher.isPutOff();
  }

  // appending

  void append(List<PendingAppend> appends) {
    List<PendingAppend> admitted = new ArrayList<>(appends.size());
    for (PendingAppend append : appends) {
      Optional<Errors> refused = core.refusesAppend(append.acks(), append.expectedLeaderEpoch());
      if (refused.isPresent()) {
        node.meters().refused();
        node.refusedProducers().note(log().id(), append.buffer());
        append.refuse(refused.get(), null, view().logStartOffset());
      } else {
        admitted.add(append);
      }
    }
    if (!admitted.isEmpty()) {
      writeOrStop(admitted);
    }
  }

  /**
   * After a mistake of ours nobody knows what is in the log: it stops, and nobody waits in vain.
   */
  private void writeOrStop(List<PendingAppend> admitted) {
    try {
      write(admitted);
    } catch (RuntimeException | Error e) {
      logger.error("Appending to {} failed in a way that was not foreseen", log().id(), e);
      goOffline(Errors.KAFKA_STORAGE_ERROR, "failed in a way that was not foreseen: " + e);
      admitted.stream()
          .filter(append -> !append.isPlaced())
          .forEach(append -> append.refuse(Errors.KAFKA_STORAGE_ERROR, null, -1L));
      publication.settle();
    }
  }

  private void write(List<PendingAppend> admitted) {
    List<AppendDrain.Placed> placed = drain.append(admitted, view().leaderEpoch(), log().config());
    noteFailure();
    core.appended(log().offsets().logEndOffset(), countedEndOffset(), nowMs());
    flusher.appended(log().config());
    List<PendingAppend> done = new ArrayList<>(placed.size());
    for (AppendDrain.Placed each : placed) {
      each.append().appended(outcomeOf(each));
      if (each.append().acks() == Acks.ALL) {
        core.awaitCommit(each.lastOffset() + 1, each.append());
      } else if (each.lastOffset() < countedEndOffset()) {
        done.add(each.append());
      } else {
        waitingForFlush.add(each.lastOffset() + 1, each.append());
      }
    }
    publication.settle();
    done.forEach(PendingAppend::acknowledge);
  }

  private AppendOutcome.Appended outcomeOf(AppendDrain.Placed placed) {
    return new AppendOutcome.Appended(
        placed.baseOffset(),
        placed.lastOffset(),
        placed.logAppendTimeMs(),
        core.offsets().logStartOffset());
  }

  /** The end that counts for acknowledgements. */
  private long countedEndOffset() {
    return Flusher.isWaitedFor(log().config())
        ? flusher.flushedOffset()
        : log().offsets().logEndOffset();
  }

  private void flushed(long upTo) {
    core.flushed(upTo, nowMs());
    publication.settle();
    waitingForFlush.reached(upTo).forEach(PendingAppend::acknowledge);
    unforced.forced(upTo);
    flusher.appended(log().config());
  }

  private void storageFailed(KafkaStorageException e) {
    noteFailure();
    goOffline(Errors.KAFKA_STORAGE_ERROR, String.valueOf(e.getMessage()));
    publication.settle();
  }

  // roles

  void becomeLeader(LeaderAssignment assignment, Runnable forgetTail) {
    if (log().offsets().logEndOffset() < assignment.tieredOffset()) {
      throw new LogBehindTierException(
          log().id(), log().offsets().logEndOffset(), assignment.tieredOffset());
    }
    if (log().offsets().logEndOffset() < assignment.logStartOffset()) {
      // Lost, and deleted before: no offset below the log start is ever given away again.
      beginAt(assignment.logStartOffset(), log().lineage(), null, forgetTail);
    }
    long logEndOffset = log().offsets().logEndOffset();
    if (core.becomeLeader(assignment, nowMs()) == ReplicaCore.Change.NEW_LEADER_EPOCH) {
      log().beginEpoch(assignment.leaderEpoch());
      logger.debug(
          "{} leads in leader epoch {} from offset {}",
          log().id(),
          assignment.leaderEpoch(),
          logEndOffset);
    }
    startAt(assignment.logStartOffset(), assignment.tieredOffset());
    flusher.appended(log().config());
  }

  void becomeFollower(FollowerAssignment assignment) {
    if (core.becomeFollower(assignment) == ReplicaCore.Change.NEW_LEADER_EPOCH) {
      logger.debug(
          "{} follows node {} in leader epoch {}",
          log().id(),
          assignment.leaderId(),
          assignment.leaderEpoch());
      giveUpWaitingForFlush(Errors.NOT_LEADER_OR_FOLLOWER);
      // What the leader sends may be of older epochs than one that this replica led in vain.
      log().forgetUnwrittenEpochs();
    }
    startAt(assignment.logStartOffset(), assignment.tieredOffset());
    flusher.appended(log().config());
  }

  /**
   * The quorum's log start offset is committed, whatever this replica's high watermark says. Where
   * the bucket has nothing from the log start on, the log starts with what is on the disk: the
   * checkpoint may be older than the retention that took the rest. The assignment may be older than
   * a manifest on whose strength the disk has given up its segments.
   */
  private void startAt(long quorumLogStartOffset, long assignedTieredOffset) {
    long logStart = Math.max(quorumLogStartOffset, core.offsets().logStartOffset());
    long tieredOffset = Math.max(assignedTieredOffset, core.offsets().view().tieredOffset());
    long start =
        tieredOffset <= logStart
            ? Math.max(logStart, log().offsets().localLogStartOffset())
            : logStart;
    core.offsets().committedTo(start);
    advanceLogStart(start);
  }

  void goOffline(Errors error, String reason) {
    core.goOffline(error, reason);
    giveUpWaitingForFlush(error);
  }

  private void giveUpWaitingForFlush(Errors error) {
    waitingForFlush.all().forEach(append -> append.giveUp(error, null, view().logStartOffset()));
    unforced.givenUp(error);
  }

  void followerFetched(FollowerProgress progress) {
    if (!core.followerFetched(progress, nowMs())) {
      throw Errors.NOT_LEADER_OR_FOLLOWER.exception(
          "%s does not count a fetch of %s".formatted(log().id(), progress.node()));
    }
  }

  void isrCommitted(int leaderEpoch, int partitionEpoch, List<Integer> isr) {
    core.isrCommitted(leaderEpoch, partitionEpoch, isr, nowMs());
  }

  void configure(LogConfig newConfig) {
    log().configure(newConfig);
    core.configure(newConfig.minInsyncReplicas(), nowMs());
    core.flushed(countedEndOffset(), nowMs());
    flusher.appended(newConfig);
    waitingForFlush.reached(countedEndOffset()).forEach(PendingAppend::acknowledge);
    unforced.forced(countedEndOffset());
  }

  void tick() {
    core.tick(nowMs());
    flusher.tick(log().config(), nowMs());
  }

  // following

  /** Done when what was appended counts: where flushes are waited for, when it is forced. */
  CompletableFuture<Long> replicate(ValidatedBatches batches, LeaderProgress leader) {
    checkFollows(leader.leaderEpoch());
    if (batches.origin() != AppendOrigin.REPLICA) {
      throw new IllegalArgumentException("Not from a leader: " + batches.origin());
    }
    if (batches.sizeBytes() > 0) {
      beginWithin(batches.buffer());
      drain.replicate(batches, leader.leaderEpoch());
      log().advanceLogStart(core.offsets().logStartOffset());
    }
    core.fetchedFromLeader(
        log().offsets().logEndOffset(), countedEndOffset(), leader.highWatermark());
    flusher.appended(log().config());
    advanceLogStart(leader.logStartOffset());
    return unforced.until(log().offsets().logEndOffset(), countedEndOffset());
  }

  /**
   * A log start may lie within a batch, which the leader sends whole: an empty log that begins
   * there begins with the batch instead. What lies before the log start is nobody's concern.
   */
  private void beginWithin(ByteBuffer batches) {
    long end = log().offsets().logEndOffset();
    RecordBatchHeader first = new RecordBatchHeader().wrap(batches, batches.position());
    boolean isEmpty = log().offsets().localLogStartOffset() == end;
    if (isEmpty && first.baseOffset() < end && end < first.nextOffset()) {
      log()
          .truncateFullyAndStartAt(
              first.baseOffset(), log().lineage().truncateFromEnd(first.baseOffset()), null);
      flusher.restartedAt(first.baseOffset());
    }
  }

  long truncateToLeader(int leaderEpoch, EpochEnd leaderEnd, Runnable forgetTail) {
    checkFollows(leaderEpoch);
    long logEndOffset = log().offsets().logEndOffset();
    long offset =
        EpochCheck.truncationOffset(
            leaderEnd, epoch -> log().lineage().endOffsetFor(epoch, logEndOffset), logEndOffset);
    truncateTo(offset, forgetTail);
    return log().offsets().logEndOffset();
  }

  long startAtLeader(int leaderEpoch, long leaderLogStartOffset, Runnable forgetTail) {
    checkFollows(leaderEpoch);
    if (log().offsets().logEndOffset() < leaderLogStartOffset) {
      beginAt(leaderLogStartOffset, EpochLineage.EMPTY, null, forgetTail);
      advanceLogStart(leaderLogStartOffset);
    }
    return log().offsets().logEndOffset();
  }

  private void checkFollows(int leaderEpoch) {
    Optional<Errors> refused = core.refuses(leaderEpoch, false);
    if (refused.isEmpty() && core.leading().isPresent()) {
      refused = Optional.of(Errors.NOT_LEADER_OR_FOLLOWER);
    }
    if (refused.isPresent()) {
      throw refused.get().exception(log().id() + " does not follow in leader epoch " + leaderEpoch);
    }
  }

  // the log's two ends

  void truncateTo(long offset, Runnable forgetTail) {
    if (offset < log().offsets().logEndOffset()) {
      logger.info("{} is cut from {} to {}", log().id(), log().offsets().logEndOffset(), offset);
      forgetTail.run();
      log().truncateTo(offset);
      // Lower than asked for where the offset lies within a batch.
      long end = log().offsets().logEndOffset();
      flusher.cutTo(end);
      unforced.cutTo(end);
      core.offsets().truncated(end);
    }
  }

  void restartAt(
      long tieredOffset,
      EpochLineage lineage,
      @Nullable ByteBuffer producerSnapshot,
      Runnable forgetTail) {
    if (log().offsets().logEndOffset() < tieredOffset) {
      beginAt(tieredOffset, lineage, producerSnapshot, forgetTail);
    }
    core.offsets().tieredTo(tieredOffset);
  }

  private void beginAt(
      long offset,
      EpochLineage lineage,
      @Nullable ByteBuffer producerSnapshot,
      Runnable forgetTail) {
    logger.info("{} starts again at offset {}", log().id(), offset);
    forgetTail.run();
    log().truncateFullyAndStartAt(offset, lineage, producerSnapshot);
    flusher.restartedAt(offset);
    unforced.cutTo(offset);
    core.offsets().restartedAt(log().offsets().logStartOffset(), offset, offset, offset);
  }

  void tieredTo(long tieredOffset) {
    core.offsets().tieredTo(tieredOffset);
  }

  void tierRestartedAt(long tieredOffset) {
    core.offsets().tierRestartedAt(tieredOffset);
  }

  long advanceLogStart(long offset) {
    long before = core.offsets().logStartOffset();
    long start = core.offsets().advanceLogStart(offset);
    if (start > before) {
      log().advanceLogStart(start);
      log().deleteLocalSegmentsBelow(start);
    }
    return start;
  }

  int deleteLocalSegments(long belowOffset) {
    return log()
        .deleteLocalSegmentsBelow(Math.min(belowOffset, core.offsets().locallyDeletableBelow()));
  }

  void roll() {
    log().roll();
  }

  // moving

  /**
   * Moves to another directory, on its writer, while the queue is held.
   *
   * @param copied makes the copy the log; null where that cannot be yet
   * @param result whether it has moved
   */
  void move(
      DirectoryState to,
      Supplier<@Nullable PartitionLog> copied,
      CompletableFuture<Boolean> result) {
    current.joins(to);
    moving.begin(node.time().nanoseconds());
    try {
      run(() -> isMoved(to, copied.get()), result);
    } finally {
      moving.end();
      current.joins(null);
    }
  }

  private boolean isMoved(DirectoryState to, @Nullable PartitionLog copy) {
    if (copy == null) {
      return false;
    }
    current.moved(copy, to);
    flusher.moved();
    return true;
  }

  // after every change

  /** Makes a change, and tells of it when everybody can see it. */
  <T extends @Nullable Object> void run(Supplier<T> change, CompletableFuture<T> result) {
    try {
      T value = change.get();
      publication.settle();
      result.complete(value);
    } catch (ApiException | LogBehindTierException e) {
      noteFailure();
      publication.settle();
      result.completeExceptionally(e);
    } catch (RuntimeException e) {
      logger.error("A change of {} failed in a way that was not foreseen", log().id(), e);
      publication.settle();
      result.completeExceptionally(e);
    }
  }

  /**
   * A log that has failed takes its replica offline; the set of replicas looks after the rest of
   * the directory.
   */
  private void noteFailure() {
    String reason = log().offlineReason();
    if (reason != null) {
      goOffline(Errors.KAFKA_STORAGE_ERROR, reason);
    }
  }

  private long nowMs() {
    return node.time().milliseconds();
  }
}
