package io.tidemark.log.clean;

import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.partition.LogCompaction;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/**
 * One cleaning of one log, from what is clean to where the dirty part or the offset map ends. It
 * works in steps, so that it can be paced and stopped between any two, and never waits. One thread
 * at a time; closed by {@link LogCleaner}, whatever became of it.
 */
final class CleaningRound implements AutoCloseable {
  private static final long STEP_BYTES = 1 << 20;

  private final Replica replica;

  /** Of the log as it is when the round begins: one that moves meanwhile is cleaned anew. */
  private final LogCompaction compaction;

  private final Cleanable cleanable;
  private final OffsetMap map;
  private final long nowMs;
  private final List<ClosedSegment> segments;

  private @Nullable KeyScan scan;
  private @Nullable BatchRewrite rewrite;
  private @Nullable SegmentRewrite rewriting;
  private Iterator<List<ClosedSegment>> groups = List.<List<ClosedSegment>>of().iterator();
  private long endOffset;
  private long readBytes;
  private long writtenBytes;

  /** What a step has come to. */
  sealed interface Step {
    /** There is more to do. */
    record Worked(long bytes) implements Step {}

    /** To be gone on with once the log has answered; over when it says false. */
    record Replacing(long bytes, CompletableFuture<Boolean> replaced) implements Step {}

    /** Everything is done once the log has answered. */
    record Finishing(CompletableFuture<Void> finished) implements Step {}
  }

  /**
   * Begins a round; fails with nothing retained when the log has changed since it was looked at.
   */
  static @Nullable CleaningRound begin(
      Replica replica, Cleanable cleanable, OffsetMap map, long nowMs) throws IOException {
    List<ClosedSegment> segments =
        replica.closedSegments().stream()
            .filter(segment -> segment.nextOffset() <= cleanable.endOffset())
            .toList();
    int retained = 0;
    while (retained < segments.size() && segments.get(retained).retain()) {
      retained++;
    }
    if (segments.isEmpty() || retained < segments.size()) {
      segments.subList(0, retained).forEach(ClosedSegment::release);
      return null;
    }
    CleaningRound round = new CleaningRound(replica, cleanable, map, nowMs, segments);
    try {
      round.prepare();
      return round;
    } catch (IOException | RuntimeException e) {
      round.close();
      throw e;
    }
  }

  private CleaningRound(
      Replica replica,
      Cleanable cleanable,
      OffsetMap map,
      long nowMs,
      List<ClosedSegment> segments) {
    this.replica = replica;
    this.compaction = replica.compaction();
    this.cleanable = cleanable;
    this.map = map;
    this.nowMs = nowMs;
    this.segments = segments;
  }

  private void prepare() throws IOException {
    compaction.flushClosed();
    compaction.expectGaps();
    List<ClosedSegment> dirty =
        segments.stream()
            .filter(segment -> segment.nextOffset() > cleanable.startOffset())
            .toList();
    scan =
        new KeyScan(
            dirty,
            new KeyNotes(
                map,
                transactions(dirty.getFirst().baseOffset()),
                cleanable.startOffset(),
                cleanable.endOffset()));
  }

  /** The transactions from an offset on; all of them are decided where a log may be cleaned. */
  private CleanedTransactions transactions(long fromOffset) {
    return new CleanedTransactions(replica.abortedTransactions(fromOffset, cleanable.endOffset()));
  }

  TopicIdPartition id() {
    return replica.id();
  }

  Replica replica() {
    return replica;
  }

  Step step() throws IOException {
    if (scan != null) {
      return readKeys(scan);
    }
    if (rewriting == null) {
      if (!groups.hasNext()) {
        return new Step.Finishing(replica.cleanedTo(compaction, endOffset));
      }
      rewriting = new SegmentRewrite(groups.next(), rewrite(), compaction);
    }
    return rewriteOn(rewriting);
  }

  private Step readKeys(KeyScan keys) throws IOException {
    long before = keys.readBytes();
    boolean isOver = !keys.step(STEP_BYTES);
    long bytes = keys.readBytes() - before;
    readBytes += bytes;
    if (isOver) {
      keys.close();
      scan = null;
      endOffset = keys.endOffset();
      beginRewriting();
    }
    return new Step.Worked(bytes);
  }

  private void beginRewriting() {
    List<ClosedSegment> touched =
        segments.stream().filter(segment -> segment.baseOffset() < endOffset).toList();
    rewrite =
        new BatchRewrite(
            map, transactions(touched.getFirst().baseOffset()), replica.producers(), terms());
    groups = SegmentGroups.of(touched, replica.view().config().segmentBytes()).iterator();
  }

  /** What is cold may hold older values, and transactions, that hot records decide. */
  private BatchRewrite.Terms terms() {
    ReplicaView view = replica.view();
    boolean isTiered = view.config().remoteStorageEnable() || view.tieredOffset() > 0;
    return new BatchRewrite.Terms(
        endOffset,
        Long.MAX_VALUE,
        nowMs,
        view.config().deleteRetentionMs(),
        isTiered && !Topic.isInternal(view.id().topic()));
  }

  private BatchRewrite rewrite() {
    if (rewrite == null) {
      throw new IllegalStateException("The keys have not been read");
    }
    return rewrite;
  }

  private Step rewriteOn(SegmentRewrite group) throws IOException {
    long before = group.readBytes() + group.target().sizeBytes();
    boolean isFinished = !group.step(STEP_BYTES);
    long bytes = group.readBytes() + group.target().sizeBytes() - before;
    if (!isFinished) {
      return new Step.Worked(bytes);
    }
    readBytes += group.readBytes();
    writtenBytes += group.target().sizeBytes();
    return new Step.Replacing(bytes, replica.replaceSegments(group.group(), group.target()));
  }

  /** The log has taken the segment over; the round may go on. */
  void replaced() throws IOException {
    if (rewriting != null) {
      rewriting.close();
      rewriting = null;
    }
    compaction.sync();
  }

  /** Where everything below is clean once the round is over. */
  long endOffset() {
    return endOffset;
  }

  boolean isMapFull() {
    return endOffset < cleanable.endOffset();
  }

  long readBytes() {
    return readBytes;
  }

  long writtenBytes() {
    return writtenBytes;
  }

  /** Records that had to go because they have no key. */
  long withoutKey() {
    return rewrite == null ? 0 : rewrite.withoutKey();
  }

  @Override
  public void close() {
    if (scan != null) {
      scan.close();
      scan = null;
    }
    if (rewriting != null) {
      rewriting.close();
      rewriting.target().discard();
      rewriting = null;
    }
    segments.forEach(ClosedSegment::release);
  }
}
