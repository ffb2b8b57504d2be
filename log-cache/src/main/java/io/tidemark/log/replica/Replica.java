package io.tidemark.log.replica;

import io.tidemark.log.LogConfig;
import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.partition.ActiveSegment;
import io.tidemark.log.partition.CleanedSegment;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.partition.LogCompaction;
import io.tidemark.log.partition.PartitionLog;
import io.tidemark.log.partition.TimestampedOffset;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.producer.ProducerState;
import io.tidemark.log.producer.TransactionTerms;
import io.tidemark.log.producer.TransactionVerification;
import io.tidemark.log.validate.ValidatedBatches;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One partition's replica on this node. Everything that changes it goes through its {@link
 * PartitionQueue}, in order; what it is at a moment is one immutable {@link ReplicaView}. Safe from
 * any thread, nothing here waits for a replica, a store or a lock; a change is done by the time its
 * future completes, on the thread that drains the partition.
 *
 * <p>A future fails with Kafka's exception for the reason (KafkaStorageException when the log has
 * failed). Made and closed by {@link ReplicaSet}.
 */
public final class Replica {
  private final TopicIdPartition id;
  private final CurrentLog current;
  private final NodeParts node;
  private final Tail tail;
  private final Warmth warmth;
  private final ReplicaReader reader;
  private final PartitionQueue queue;
  private final ReplicaTurn turn;
  private final Watchers watchers = new Watchers(this);
  // Keeps ticks from piling up behind a write that hangs.
  private final AtomicBoolean isTickQueued = new AtomicBoolean();

  Replica(PartitionLog log, DirectoryState directory, NodeParts node) {
    this.id = log.id();
    this.current = new CurrentLog(log, directory);
    this.node = node;
    this.tail = new Tail(node.tailCache(), watchers::readTail);
    this.warmth = new Warmth(node.byteClock());
    this.reader = new ReplicaReader(current, tail, warmth, node.meters());
    this.queue = new PartitionQueue(current::pace, node.time(), this::drain);
    this.turn =
        new ReplicaTurn(
            current, node, new AppendDrain(current, node, tail, warmth), queue, watchers::wake);
  }

  public TopicIdPartition id() {
    return id;
  }

  /** The newest snapshot; never blocks. */
  public ReplicaView view() {
    return turn.view();
  }

  /**
   * Queues batches for the log; never throws for an operating error, the listener is told.
   *
   * @param expectedLeaderEpoch the epoch the appender was told to write under; -1 for producers,
   *     who have none
   */
  public void append(
      ValidatedBatches batches, Acks acks, int expectedLeaderEpoch, AppendListener listener) {
    append(batches, acks, expectedLeaderEpoch, null, listener);
  }

  /**
   * As {@link #append(ValidatedBatches, Acks, int, AppendListener)}, for transactional batches and
   * markers.
   *
   * @param terms checked in the turn that appends; null where none are asked for
   */
  public void append(
      ValidatedBatches batches,
      Acks acks,
      int expectedLeaderEpoch,
      @Nullable TransactionTerms terms,
      AppendListener listener) {
    PendingAppend append = new PendingAppend(batches, acks, expectedLeaderEpoch, terms, listener);
    Optional<DirectoryState.Refusal> refusal = current.waitsFor().refusesAppends();
    if (refusal.isPresent()) {
      refuse(append, refusal.get());
    } else {
      queue.append(append);
    }
  }

  private void drain(List<PendingAppend> appends) {
    turn.append(appends);
  }

  private void refuse(PendingAppend append, DirectoryState.Refusal refusal) {
    node.meters().refused();
    node.refusedProducers().note(id, append.buffer());
    append.refuse(refusal.error(), refusal.message(), view().logStartOffset());
  }

  /**
   * Reads without waiting, though the slice's bytes may have to come from the disk. Throws Kafka's
   * own exceptions: NotLeaderOrFollower, FencedLeaderEpoch, UnknownLeaderEpoch, OffsetOutOfRange,
   * KafkaStorage.
   */
  public ReplicaRead read(ReadRequest request) {
    checkNotStalled();
    return reader.read(request, view());
  }

  private void checkNotStalled() {
    if (current.directory().isStalled()) {
      throw new KafkaStorageException(current.directory().stalled().message());
    }
  }

  /** Wakes the watcher on a change of the view, once until it has looked. */
  public ReplicaWatch watch(ReplicaWatcher watcher) {
    return watchers.add(watcher);
  }

  /**
   * Leads from now on; an assignment older than the present one changes nothing. Fails with {@link
   * LogBehindTierException} when the log must be started again at the tiered offset first.
   */
  public CompletableFuture<Void> becomeLeader(LeaderAssignment assignment) {
    return inTurn(() -> turn.becomeLeader(assignment, this::forgetTail));
  }

  /** Follows from now on; an assignment older than the present one changes nothing. */
  public CompletableFuture<Void> becomeFollower(FollowerAssignment assignment) {
    return inTurn(() -> turn.becomeFollower(assignment));
  }

  /**
   * Leader: a follower's fetch, that did not diverge, has arrived: it has everything below its
   * fetch offset.
   */
  public CompletableFuture<Void> followerProgress(FollowerProgress progress) {
    return inTurn(() -> turn.followerFetched(progress));
  }

  /** Leader: the committed ISR came by way of the cluster image. */
  public CompletableFuture<Void> isrCommitted(
      int leaderEpoch, int partitionEpoch, List<Integer> isr) {
    return inTurn(() -> turn.isrCommitted(leaderEpoch, partitionEpoch, isr));
  }

  /**
   * Follower: appends what the leader sent, and takes over how far the leader has committed. The
   * buffer is free when the future completes, and with {@code flush.messages=1} what was appended
   * is forced then. Fails when this replica does not follow in that epoch any more, and, for the
   * follower to pause, while the directory is nearly full.
   *
   * @return the log end offset
   */
  public CompletableFuture<Long> replicate(ValidatedBatches batches, LeaderProgress leader) {
    Optional<DirectoryState.Refusal> refusal = current.waitsFor().refusesAppends();
    if (refusal.isPresent() && batches.sizeBytes() > 0) {
      return CompletableFuture.failedFuture(
          refusal.get().error().exception(refusal.get().message()));
    }
    return inTurn(() -> turn.replicate(batches, leader)).thenCompose(Function.identity());
  }

  /**
   * Follower: the leader has answered a fetch with a divergence; cuts the log to the common history
   * as far as it is known.
   *
   * @return the log end offset to fetch from
   */
  public CompletableFuture<Long> truncateToLeader(int leaderEpoch, EpochEnd leaderEnd) {
    return inTurn(() -> turn.truncateToLeader(leaderEpoch, leaderEnd, this::forgetTail));
  }

  /**
   * Follower: the leader's log begins behind this one's end, everything before being deleted for
   * good. Empties this log and lets it begin there; one that reaches the offset stays as it is.
   *
   * @return the log end offset to fetch from
   */
  public CompletableFuture<Long> startAtLeader(int leaderEpoch, long leaderLogStartOffset) {
    return inTurn(() -> turn.startAtLeader(leaderEpoch, leaderLogStartOffset, this::forgetTail));
  }

  /** Cuts the log to this end: its history parts there from what is in the bucket. */
  public CompletableFuture<Void> truncateTo(long offset) {
    return inTurn(() -> turn.truncateTo(offset, this::forgetTail));
  }

  /**
   * Empties a local log that ends below a tiered offset and lets it begin there, everything below
   * being in the bucket. A log that reaches the offset, by now, stays as it is: of two who ask for
   * the same only the first finds something to do.
   *
   * @param lineage which epochs wrote what lies below, from the manifest
   * @param producerSnapshot as stored with the segment that ends there; null when there are no
   *     producers
   */
  public CompletableFuture<Void> restartAt(
      long tieredOffset, EpochLineage lineage, @Nullable ByteBuffer producerSnapshot) {
    return inTurn(() -> turn.restartAt(tieredOffset, lineage, producerSnapshot, this::forgetTail));
  }

  private void forgetTail() {
    tail.clear();
    warmth.clear();
  }

  public CompletableFuture<Void> configure(LogConfig config) {
    return inTurn(() -> turn.configure(config));
  }

  /** Everything below the offset is in the bucket, says the committed manifest. Never goes back. */
  public CompletableFuture<Void> tieredTo(long tieredOffset) {
    return inTurn(() -> turn.tieredTo(tieredOffset));
  }

  /**
   * Tiering was switched off and the bucket emptied, says the committed manifest: what the local
   * log holds from this offset on is in no bucket any more. The only way back for the tiered
   * offset.
   */
  public CompletableFuture<Void> tierRestartedAt(long tieredOffset) {
    return inTurn(() -> turn.tierRestartedAt(tieredOffset));
  }

  /**
   * Moves the log start up to {@code min(offset, highWatermark)} and drops local segments wholly
   * below; never goes back.
   *
   * @return the log start offset now
   */
  public CompletableFuture<Long> advanceLogStart(long offset) {
    return inTurn(() -> turn.advanceLogStart(offset));
  }

  /**
   * Drops closed local segments wholly below the offset, the tiered offset and the high watermark.
   *
   * @return how many
   */
  public CompletableFuture<Integer> deleteLocalSegments(long belowOffset) {
    return inTurn(() -> turn.deleteLocalSegments(belowOffset));
  }

  /** Closes the active segment unless it is empty. */
  public CompletableFuture<Void> roll() {
    return inTurn(turn::roll);
  }

  /** Closed local segments in order. Callers retain what they keep. */
  public List<ClosedSegment> closedSegments() {
    return current.log().closedSegments();
  }

  /**
   * Closed segments wholly below the last stable offset and not wholly below the tiered offset, in
   * order.
   */
  public List<ClosedSegment> uploadable() {
    ReplicaView now = view();
    return current.log().closedSegments().stream()
        .filter(segment -> segment.nextOffset() <= now.lastStableOffset())
        .filter(segment -> segment.nextOffset() > now.tieredOffset())
        .toList();
  }

  /**
   * A closed segment was found to be damaged: reads of it fail with KAFKA_STORAGE_ERROR from now
   * on, the rest of the log is served. False when that was known.
   */
  public boolean damaged(ClosedSegment segment, String reason) {
    return current.log().damaged(segment, reason);
  }

  /** How far the local log is compacted, and the means to go on with it. */
  public LogCompaction compaction() {
    return current.log().compaction();
  }

  /**
   * Puts a finished segment in the place of neighbouring closed ones.
   *
   * @return false, with nothing changed, when the log does not have all of them any more
   */
  public CompletableFuture<Boolean> replaceSegments(
      List<ClosedSegment> sources, CleanedSegment replacement) {
    return inTurn(() -> current.log().compaction().replace(sources, replacement));
  }

  /**
   * The local log is clean up to this offset.
   *
   * @param compaction as it was when the cleaning began
   */
  public CompletableFuture<Void> cleanedTo(LogCompaction compaction, long offset) {
    return inTurn(() -> {
      // A log that has moved meanwhile is cleaned anew.
      if (current.log().compaction() == compaction) {
        compaction.finished(offset);
      }
    });
  }

  /** The aborted transactions of {@code [fromOffset, toOffset)}. Reads the disk. */
  public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
    return reading(log -> log.abortedTransactions(fromOffset, toOffset));
  }

  /** The segment being written, as {@code PartitionLog.activeSegment}. */
  public ActiveSegment activeSegment() {
    return current.log().activeSegment();
  }

  /** Where the local log begins at this moment, which {@link #view} may not say yet. */
  public long localLogStartOffset() {
    return current.log().offsets().localLogStartOffset();
  }

  /** Which leader epochs wrote the local log. */
  public EpochLineage lineage() {
    return current.log().lineage();
  }

  /** Bytes of all local segments. */
  public long sizeBytes() {
    return current.log().sizeBytes();
  }

  /** What the log remembers of its producers, for DescribeProducers. */
  public Collection<ProducerState> producers() {
    return current.log().producers();
  }

  /** Whether the producer has an open transaction here, of this epoch. */
  public boolean hasOpenTransaction(long producerId, short producerEpoch) {
    return current.log().producerTable().hasOpenTransaction(producerId, producerEpoch);
  }

  /**
   * Begins, or goes on with, finding out whether a producer may write a transaction here; what is
   * found goes into the terms of its append. Empty when too many producers do that at this moment.
   */
  public Optional<TransactionVerification> beginVerification(
      long producerId, short producerEpoch, int sequence) {
    return current
        .log()
        .producerTable()
        .beginVerification(producerId, producerEpoch, sequence, node.time().milliseconds());
  }

  /** The producer may not write here. */
  public void cancelVerification(TransactionVerification verification) {
    current.log().producerTable().cancelVerification(verification);
  }

  /** Why a coordinator's transactional batch would be refused as things stand. */
  public Optional<ApiException> refusalOfBatch(long producerId, short producerEpoch) {
    return current.log().producerTable().refusalOfBatch(producerId, producerEpoch);
  }

  /** Why a marker would be refused as things stand. */
  public Optional<ApiException> refusalOfMarker(
      long producerId, short producerEpoch, int coordinatorEpoch, TransactionTerms terms) {
    return current
        .log()
        .producerTable()
        .refusalOfMarker(producerId, producerEpoch, coordinatorEpoch, terms);
  }

  /** What the local log knows of a leader epoch's end; throws as {@link #read}. */
  public EpochEnd endOffsetForEpoch(int currentLeaderEpoch, int leaderEpoch) {
    return reader.endOffsetForEpoch(view(), currentLeaderEpoch, leaderEpoch);
  }

  /**
   * First local record below the isolation's end whose timestamp is at least this one. Reads the
   * disk.
   */
  public Optional<TimestampedOffset> offsetForTimestamp(long timestampMs, Isolation isolation) {
    return reading(log -> log.offsetForTimestamp(timestampMs, view().endOffset(isolation)));
  }

  /**
   * The local record with the greatest timestamp, first one of equals; empty when it lies beyond
   * the isolation's end. Reads the disk.
   */
  public Optional<TimestampedOffset> maxTimestamp(Isolation isolation) {
    return reading(PartitionLog::maxTimestamp)
        .filter(found -> found.offset() < view().endOffset(isolation));
  }

  private <T> T reading(Function<PartitionLog, T> read) {
    checkNotStalled();
    return current.read(read);
  }

  // What the set of replicas does.

  /** For good: closed, deleted, or the directory has failed. */
  CompletableFuture<Void> goOffline(Errors error, String reason) {
    return inTurn(() -> turn.goOffline(error, reason));
  }

  /** Time has passed: lagging followers, proposals to repeat, flushes that are due. */
  void tick() {
    if (turn.needsTick() && isTickQueued.compareAndSet(false, true)) {
      inTurn(turn::tick).whenComplete((done, failure) -> isTickQueued.set(false));
    }
  }

  void expireProducers() {
    inTurn(() -> current.log().expireProducers(node.time().milliseconds()));
  }

  boolean hangs(long nowNs) {
    return turn.hangs(nowNs);
  }

  /** The directory has stalled: answers what waits for its turn. */
  void refuseWaiting() {
    queue.takeWaiting().forEach(append -> refuse(append, current.waitsFor().stalled()));
  }

  /** Whose disk it waits for: the one it lies in, or is about to. */
  DirectoryState directory() {
    return current.waitsFor();
  }

  PartitionLog log() {
    return current.log();
  }

  /**
   * Stands still for a move to another directory, whose writer carries it out.
   *
   * @param copied makes the copy the log, while nobody appends; null where that cannot be yet
   * @return whether it has moved
   */
  CompletableFuture<Boolean> moveTo(DirectoryState to, Supplier<@Nullable PartitionLog> copied) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    queue.hold(goOn ->
        to.pace()
            .onWriter(() -> {
              try {
                turn.move(to, copied, result);
              } finally {
                goOn.run();
              }
            }));
    return result;
  }

  private CompletableFuture<Void> inTurn(Runnable change) {
    return inTurn(() -> {
      change.run();
      return null;
    });
  }

  private <T extends @Nullable Object> CompletableFuture<T> inTurn(Supplier<T> change) {
    CompletableFuture<T> result = new CompletableFuture<>();
    queue.command(() -> turn.run(change, result));
    return result;
  }
}
