package io.tidemark.metadata.link;

import io.tidemark.metadata.event.SnapshotCodec;
import io.tidemark.metadata.event.UnknownEventException;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.quorum.Leadership;
import io.tidemark.metadata.quorum.Updates;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InconsistentClusterIdException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came after a version, from the voter that leads the quorum elsewhere.
 *
 * <pre>
 *   after(version) ──► Follow ──► entries ──────────────────────────────► Updates.Entries
 *        ▲   ▲          │ │ nothing yet: ask again   │ snapshot offered
 *        │   └──────────┘ │                          ▼
 *        │     back-off ◄─┘ refused, lost     ReadSnapshot, piece by piece ─► Updates.Snapshot
 * </pre>
 *
 * Asks until there is an answer, however often leaders change meanwhile; gives up only on what no
 * asking can mend: another cluster, or an event of a later release. Runs on the executor, one task
 * at a time; one question is under way at a time.
 */
final class RemoteUpdates {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteUpdates.class);

  /** A silent leader is given up soon after. */
  static final int WAIT_MS = 1_000;

  private static final long FIRST_BACKOFF_MS = 20;
  private static final long MAX_BACKOFF_MS = 500;

  private final ControllerWay way;
  private final Supplier<String> clusterId;
  private final ScheduledExecutorService executor;
  private final Consumer<Leadership> leaders;
  private int failedInARow;

  /** Volatile because the closing thread sets it. */
  private volatile boolean isClosed;

  /**
   * @param clusterId empty while it is not known
   * @param leaders hears who has answered
   */
  RemoteUpdates(
      ControllerWay way,
      Supplier<String> clusterId,
      ScheduledExecutorService executor,
      Consumer<Leadership> leaders) {
    this.way = way;
    this.clusterId = clusterId;
    this.executor = executor;
    this.leaders = leaders;
  }

  CompletableFuture<Updates> after(long version) {
    CompletableFuture<Updates> found = new CompletableFuture<>();
    executor.execute(() -> ask(version, found));
    return found;
  }

  void close() {
    isClosed = true;
  }

  private void ask(long version, CompletableFuture<Updates> found) {
    if (isClosed || found.isDone()) {
      return;
    }
    way.call(new ControllerCall.Follow(clusterId.get(), version, WAIT_MS))
        .whenCompleteAsync(
            (reply, failure) -> {
              if (reply instanceof ControllerReply.Followed followed) {
                answered(version, followed, found);
              } else {
                failed(version, reason(reply, failure), found);
              }
            },
            executor);
  }

  private void answered(
      long version, ControllerReply.Followed reply, CompletableFuture<Updates> found) {
    if (failedInARow > 0) {
      failedInARow = 0;
      LOG.info("Following node {}, which leads the quorum", reply.leaderId());
    }
    leaders.accept(new Leadership(reply.leaderId(), reply.term(), false));
    switch (reply) {
      case ControllerReply.NextEntries next -> {
        if (next.entries().isEmpty()) {
          ask(version, found);
        } else {
          found.complete(new Updates.Entries(next.entries()));
        }
      }
      case ControllerReply.SnapshotOffer offer ->
          read(version, offer, new ByteArrayOutputStream((int) offer.sizeBytes()), found);
    }
  }

  private void read(
      long version,
      ControllerReply.SnapshotOffer offer,
      ByteArrayOutputStream bytes,
      CompletableFuture<Updates> found) {
    if (bytes.size() >= offer.sizeBytes()) {
      complete(version, bytes, found);
      return;
    }
    way.call(new ControllerCall.ReadSnapshot(offer.version(), bytes.size()))
        .whenCompleteAsync(
            (reply, failure) -> {
              if (!(reply instanceof ControllerReply.SnapshotPiece(ByteBuffer piece))) {
                failed(version, reason(reply, failure), found);
              } else if (piece.hasRemaining()) {
                byte[] more = new byte[piece.remaining()];
                piece.get(more);
                bytes.writeBytes(more);
                read(version, offer, bytes, found);
              } else {
                ask(version, found);
              }
            },
            executor);
  }

  private void complete(
      long version, ByteArrayOutputStream bytes, CompletableFuture<Updates> found) {
    try {
      ClusterImage image = SnapshotCodec.read(new ByteArrayInputStream(bytes.toByteArray()));
      found.complete(new Updates.Snapshot(image));
    } catch (IOException | UnknownEventException e) {
      failed(version, e, found);
    }
  }

  private static Throwable reason(@Nullable ControllerReply reply, @Nullable Throwable failure) {
    if (failure == null) {
      return new IllegalStateException("An answer to something else: " + reply);
    }
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private void failed(long version, Throwable why, CompletableFuture<Updates> found) {
    if (why instanceof InconsistentClusterIdException || why instanceof UnknownEventException) {
      found.completeExceptionally(why);
      return;
    }
    if (failedInARow == 0) {
      LOG.warn("The quorum cannot be followed, trying again: {}", why.getMessage());
    }
    long backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(failedInARow, 10));
    failedInARow++;
    if (!isClosed) {
      executor.schedule(() -> ask(version, found), backoffMs, TimeUnit.MILLISECONDS);
    }
  }
}
