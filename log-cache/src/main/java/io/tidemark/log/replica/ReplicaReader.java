package io.tidemark.log.replica;

import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.partition.FileSlice;
import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.partition.MemorySlice;
import io.tidemark.log.partition.PartitionLog;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.record.BatchCursor;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Answers reads of one replica from a view: from the tail cache, from the local log, or by saying
 * that the bucket has the bytes. Never waits. Safe from any thread.
 */
final class ReplicaReader {
  private final CurrentLog current;
  private final Tail tail;
  private final Warmth warmth;
  private final ReplicaMeters meters;

  ReplicaReader(CurrentLog current, Tail tail, Warmth warmth, ReplicaMeters meters) {
    this.current = current;
    this.tail = tail;
    this.warmth = warmth;
    this.meters = meters;
  }

  ReplicaRead read(ReadRequest request, ReplicaView view) {
    checkRole(view, request.currentLeaderEpoch(), request.leaderOnly());
    if (request.offset() < view.logStartOffset()) {
      throw outOfRange(request.offset(), view);
    }
    // Before the upper bound: a reader beyond it may have another history.
    EpochEnd diverging = divergence(request, view);
    if (diverging != null) {
      return new ReplicaRead(ReadSource.NONE, null, view, diverging, List.of());
    }
    if (request.offset() > view.logEndOffset()) {
      throw outOfRange(request.offset(), view);
    }
    long endOffset = view.endOffset(request.isolation());
    if (request.offset() >= endOffset) {
      return new ReplicaRead(ReadSource.NONE, null, view, null, List.of());
    }
    ReplicaRead read = current.read(log -> bytes(log, request, view, endOffset));
    meters.read(read.source());
    return read;
  }

  private ReplicaRead bytes(
      PartitionLog log, ReadRequest request, ReplicaView view, long endOffset) {
    if (request.offset() < log.offsets().localLogStartOffset()) {
      return fromBucket(view);
    }
    LogSlice memory =
        tail.read(request.offset(), request.maxBytes(), endOffset, request.atLeastOneBatch());
    if (memory != null) {
      return found(log, ReadSource.MEMORY, memory, request, view, endOffset);
    }
    try {
      LogSlice file =
          log.read(request.offset(), request.maxBytes(), endOffset, request.atLeastOneBatch());
      ReadSource source =
          warmth.isWarm(request.offset()) ? ReadSource.PAGE_CACHE : ReadSource.LOCAL_DISK;
      return found(log, source, file, request, view, endOffset);
    } catch (OffsetOutOfRangeException e) {
      // The segment was dropped since the view was taken.
      if (request.offset() < log.offsets().logStartOffset()) {
        throw e;
      }
      return fromBucket(view);
    }
  }

  private static ReplicaRead fromBucket(ReplicaView view) {
    return new ReplicaRead(ReadSource.BUCKET, null, view, null, List.of());
  }

  private ReplicaRead found(
      PartitionLog log,
      ReadSource source,
      LogSlice slice,
      ReadRequest request,
      ReplicaView view,
      long endOffset) {
    try {
      return new ReplicaRead(source, slice, view, null, aborted(log, request, slice, endOffset));
    } catch (RuntimeException e) {
      slice.release();
      throw e;
    }
  }

  /** Those that touch the slice: a log may have aborted thousands that this reader is not at. */
  private List<AbortedTransaction> aborted(
      PartitionLog log, ReadRequest request, LogSlice slice, long endOffset) {
    if (request.isolation() != Isolation.COMMITTED || slice.sizeBytes() == 0) {
      return List.of();
    }
    long sliceEnd =
        switch (slice) {
          case MemorySlice memory -> endOffsetOf(memory);
          case FileSlice file -> log.endOffsetOf(file);
        };
    return log.abortedTransactions(request.offset(), Math.min(sliceEnd, endOffset));
  }

  private static long endOffsetOf(MemorySlice slice) {
    BatchCursor batches = new BatchCursor(slice.buffers().getLast());
    long end = 0;
    while (batches.next()) {
      end = batches.header().nextOffset();
    }
    return end;
  }

  private @Nullable EpochEnd divergence(ReadRequest request, ReplicaView view) {
    if (request.lastFetchedEpoch() < 0) {
      return null;
    }
    EpochEnd end =
        current.log().lineage().endOffsetFor(request.lastFetchedEpoch(), view.logEndOffset());
    if (!end.isDefined()) {
      throw new OffsetOutOfRangeException(
          "Could not determine the end offset of the last fetched epoch %d of %s"
              .formatted(request.lastFetchedEpoch(), view.id()));
    }
    return EpochCheck.divergence(end, request.lastFetchedEpoch(), request.offset());
  }

  EpochEnd endOffsetForEpoch(ReplicaView view, int currentLeaderEpoch, int leaderEpoch) {
    checkRole(view, currentLeaderEpoch, true);
    return current.log().lineage().endOffsetFor(leaderEpoch, view.logEndOffset());
  }

  /** Throws what a request under this epoch (-1: any) gets when it may not be answered. */
  static void checkRole(ReplicaView view, int currentLeaderEpoch, boolean leaderOnly) {
    Errors offline = view.offlineError();
    Optional<Errors> refused =
        offline != null
            ? Optional.of(offline)
            : EpochCheck.refuses(
                view.leaderEpoch(), view.isLeader(), currentLeaderEpoch, leaderOnly);
    if (refused.isPresent()) {
      throw refused.get().exception(describe(view, currentLeaderEpoch));
    }
  }

  private static String describe(ReplicaView view, int currentLeaderEpoch) {
    String reason = view.offlineReason();
    return "%s is %s in leader epoch %d, asked in %d%s"
        .formatted(
            view.id(),
            view.role(),
            view.leaderEpoch(),
            currentLeaderEpoch,
            reason == null ? "" : ": " + reason);
  }

  private static OffsetOutOfRangeException outOfRange(long offset, ReplicaView view) {
    return new OffsetOutOfRangeException(
        "Offset %d of %s is not within [%d, %d]"
            .formatted(offset, view.id(), view.logStartOffset(), view.logEndOffset()));
  }
}
