package io.tidemark.gateway.api;

import io.tidemark.log.partition.TimestampedOffset;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/**
 * Finds offsets by their place or their time, over both tiers.
 *
 * <pre>
 *        log start         local log start      tiered       LSO ≤ HW        log end
 *  bucket  |======================================|
 *  local                        |=============================|===============|
 *         -2                   -4              -5 | -6       -1
 * </pre>
 *
 * Offsets in the middle need no wait; times are searched on the disk readers and in the store.
 */
public final class OffsetLookup {
  private static final Result UNKNOWN =
      new Result(
          ListOffsetsResponse.UNKNOWN_TIMESTAMP,
          ListOffsetsResponse.UNKNOWN_OFFSET,
          ListOffsetsResponse.UNKNOWN_EPOCH);

  private final ColdReads coldReads;
  private final Executor diskReaders;

  /** What was found; -1 everywhere when nothing was. */
  public record Result(long timestampMs, long offset, int leaderEpoch) {}

  /**
   * @param diskReaders threads that may wait for a disk
   */
  public OffsetLookup(ColdReads coldReads, Executor diskReaders) {
    this.coldReads = coldReads;
    this.diskReaders = diskReaders;
  }

  /**
   * Whether a version of the API knows this special timestamp; times themselves are known to all.
   */
  static boolean isKnown(long timestamp, short apiVersion) {
    if (timestamp >= 0) {
      return true;
    }
    if (timestamp < ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP) {
      return false;
    }
    return switch ((int) timestamp) {
      case (int) ListOffsetsRequest.LATEST_TIMESTAMP, (int) ListOffsetsRequest.EARLIEST_TIMESTAMP ->
          true;
      case (int) ListOffsetsRequest.MAX_TIMESTAMP -> apiVersion >= 7;
      case (int) ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP -> apiVersion >= 8;
      case (int) ListOffsetsRequest.LATEST_TIERED_TIMESTAMP -> apiVersion >= 9;
      case (int) ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP -> apiVersion >= 11;
      default -> false;
    };
  }

  /** Fails as {@link Leadership#require} and as the store does. */
  CompletableFuture<Result> find(
      Replica replica, long timestamp, int currentLeaderEpoch, Isolation isolation) {
    try {
      ReplicaView view = replica.view();
      Leadership.require(view, currentLeaderEpoch);
      return find(replica, view, timestamp, isolation);
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Result> find(
      Replica replica, ReplicaView view, long timestamp, Isolation isolation) {
    if (timestamp >= 0) {
      return byTime(replica, timestamp, isolation);
    }
    return switch ((int) timestamp) {
      case (int) ListOffsetsRequest.LATEST_TIMESTAMP ->
          at(view.endOffset(isolation), view.leaderEpoch());
      case (int) ListOffsetsRequest.EARLIEST_TIMESTAMP -> at(replica, view.logStartOffset());
      case (int) ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP ->
          at(replica, view.localLogStartOffset());
      case (int) ListOffsetsRequest.LATEST_TIERED_TIMESTAMP -> latestTiered(replica, view);
      case (int) ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP ->
          earliestPendingUpload(replica, view);
      case (int) ListOffsetsRequest.MAX_TIMESTAMP -> maxTimestamp(replica, isolation);
      default -> throw new IllegalStateException("Timestamp " + timestamp + " was not refused");
    };
  }

  private CompletableFuture<Result> latestTiered(Replica replica, ReplicaView view) {
    return view.tieredOffset() > view.logStartOffset()
        ? at(replica, view.tieredOffset() - 1)
        : CompletableFuture.completedFuture(UNKNOWN);
  }

  /** Unknown where nothing will be uploaded. */
  private CompletableFuture<Result> earliestPendingUpload(Replica replica, ReplicaView view) {
    return view.config().remoteStorageEnable()
        ? at(replica, Math.max(view.tieredOffset(), view.logStartOffset()))
        : CompletableFuture.completedFuture(UNKNOWN);
  }

  /**
   * The bucket is searched first where it alone has the beginning: the earliest match counts. What
   * left the disk while it was searched may have held the match: it is looked for again.
   */
  private CompletableFuture<Result> byTime(Replica replica, long timestampMs, Isolation isolation) {
    long localStart = replica.localLogStartOffset();
    long logStart = replica.view().logStartOffset();
    CompletableFuture<Optional<TimestampedOffset>> cold =
        logStart < localStart
            ? coldReads.offsetForTimestamp(replica.id(), timestampMs, logStart)
            : CompletableFuture.completedFuture(Optional.empty());
    return cold.thenCompose(found ->
        found.isPresent()
            ? CompletableFuture.completedFuture(result(found))
            : onDisk(() -> replica.offsetForTimestamp(timestampMs, isolation))
                .thenCompose(hot ->
                    replica.localLogStartOffset() == localStart
                        ? CompletableFuture.completedFuture(hot)
                        : byTime(replica, timestampMs, isolation)));
  }

  private CompletableFuture<Result> maxTimestamp(Replica replica, Isolation isolation) {
    long localStart = replica.localLogStartOffset();
    long logStart = replica.view().logStartOffset();
    CompletableFuture<Optional<TimestampedOffset>> cold =
        logStart < localStart
            ? coldReads.maxTimestamp(replica.id(), logStart)
            : CompletableFuture.completedFuture(Optional.empty());
    return cold.thenCombine(
            onDisk(() -> replica.maxTimestamp(isolation)),
            (old, hot) ->
                old.filter(hit -> hit.timestampMs() >= hot.timestampMs())
                    .map(OffsetLookup::result)
                    .orElse(hot))
        .thenCompose(found ->
            replica.localLogStartOffset() == localStart
                ? CompletableFuture.completedFuture(found)
                : maxTimestamp(replica, isolation));
  }

  private CompletableFuture<Result> onDisk(Supplier<Optional<TimestampedOffset>> search) {
    return CompletableFuture.supplyAsync(() -> result(search.get()), diskReaders);
  }

  private static Result result(Optional<TimestampedOffset> found) {
    return found.map(OffsetLookup::result).orElse(UNKNOWN);
  }

  private static Result result(TimestampedOffset hit) {
    return new Result(hit.timestampMs(), hit.offset(), hit.leaderEpoch());
  }

  private static CompletableFuture<Result> at(Replica replica, long offset) {
    return at(offset, replica.lineage().epochOf(offset).orElse(ListOffsetsResponse.UNKNOWN_EPOCH));
  }

  private static CompletableFuture<Result> at(long offset, int leaderEpoch) {
    return CompletableFuture.completedFuture(
        new Result(ListOffsetsResponse.UNKNOWN_TIMESTAMP, offset, leaderEpoch));
  }
}
