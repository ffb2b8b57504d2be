package io.tidemark.metadata.link;

import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.quorum.Leadership;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InconsistentClusterIdException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Answers what other nodes ask of this node's controller and voter; refuses it with {@code
 * NotControllerException} unless the voter leads the quorum.
 *
 * <p>Safe from any thread; snapshots are made and waits are ended on the executor, which runs one
 * task at a time.
 */
public final class ControllerCalls {
  /** No call waits longer, whatever it asks for. */
  private static final int MAX_WAIT_MS = 10_000;

  /** Entries in one answer have about so many bytes, but always one entry. */
  private static final int ANSWER_BYTES = 1 << 20;

  private final Quorum quorum;
  private final Controller controller;
  private final MutationCounter mutations;
  private final ScheduledExecutorService executor;
  private final SnapshotPieces snapshots = new SnapshotPieces();

  /**
   * @param controller the one in this process, which passes nothing on
   * @param mutations counts what clients have it do
   * @param executor the caller's
   */
  public ControllerCalls(
      Quorum quorum,
      Controller controller,
      MutationCounter mutations,
      ScheduledExecutorService executor) {
    this.quorum = quorum;
    this.controller = controller;
    this.mutations = mutations;
    this.executor = executor;
  }

  /** Fails with what the controller or the quorum said. */
  public CompletableFuture<? extends ControllerReply> answer(ControllerCall call) {
    return switch (call) {
      case ControllerCall.Follow c -> follow(c);
      case ControllerCall.ReadSnapshot c ->
          CompletableFuture.supplyAsync(
              () -> new ControllerReply.SnapshotPiece(snapshots.read(c.version(), c.position())),
              executor);
      case ControllerCall.CommitManifests c ->
          controller
              .commitManifests(c.commits())
              .thenApply(ControllerReply.ManifestsCommitted::new);
      case ControllerCall.ReadManifest c ->
          controller
              .currentManifest(c.partition())
              .thenApply(found -> new ControllerReply.ManifestRead(found.orElse(null)));
      case ControllerCall.AdvanceLogStarts c -> advance(c);
      case ControllerCall.TopicEmptied c ->
          controller.topicEmptied(c.topicId()).thenApply(_ -> new ControllerReply.Done());
      case ControllerCall.ReadVersion _ ->
          controller.committedVersion().thenApply(ControllerReply.VersionRead::new);
      case ControllerCall.ChangeToken c ->
          controller.changeToken(c.change()).thenApply(ControllerReply.TokenChanged::new);
      case ControllerCall.TakeMutations c -> take(c);
    };
  }

  private CompletableFuture<ControllerReply> follow(ControllerCall.Follow call) {
    ClusterImage known = quorum.image();
    if (!quorum.leadership().isSelf()) {
      return CompletableFuture.failedFuture(notLeading());
    }
    if (!call.clusterId().isEmpty() && !call.clusterId().equals(known.clusterId())) {
      return CompletableFuture.failedFuture(
          new InconsistentClusterIdException(
              "This is cluster %s, not %s".formatted(known.clusterId(), call.clusterId())));
    }
    CompletableFuture<Updates> updates = quorum.updatesAfter(call.version());
    if (!updates.isDone()) {
      int waitMs = Math.clamp(call.waitMs(), 0, MAX_WAIT_MS);
      Runnable giveUp = () -> updates.cancel(false);
      Future<?> end = executor.schedule(giveUp, waitMs, TimeUnit.MILLISECONDS);
      updates.whenComplete((_, _) -> end.cancel(false));
    }
    return updates.handleAsync(this::followed, executor);
  }

  /** Only one node of the cluster counts. */
  private CompletableFuture<ControllerReply> take(ControllerCall.TakeMutations wish) {
    return quorum.leadership().isSelf()
        ? CompletableFuture.completedFuture(mutations.take(wish))
        : CompletableFuture.failedFuture(notLeading());
  }

  private static NotControllerException notLeading() {
    return new NotControllerException("This voter does not lead the quorum");
  }

  private ControllerReply followed(@Nullable Updates updates, @Nullable Throwable failure) {
    Leadership now = quorum.leadership();
    if (!now.isSelf()) {
      throw notLeading();
    }
    if (updates != null) {
      return followed(updates, now);
    }
    if (failure instanceof CancellationException) {
      return new ControllerReply.NextEntries(now.leaderId(), now.term(), List.of());
    }
    throw new CompletionException(failure);
  }

  private ControllerReply followed(Updates updates, Leadership now) {
    return switch (updates) {
      case Updates.Entries(List<Updates.Entry> entries) ->
          new ControllerReply.NextEntries(now.leaderId(), now.term(), first(entries));
      case Updates.Snapshot(ClusterImage image) ->
          new ControllerReply.SnapshotOffer(
              now.leaderId(), now.term(), image.version(), snapshots.offer(image));
    };
  }

  private static List<Updates.Entry> first(List<Updates.Entry> entries) {
    List<Updates.Entry> first = new ArrayList<>();
    long bytes = 0;
    for (Updates.Entry entry : entries) {
      bytes += EventCodec.sizeBytes(entry.events());
      if (!first.isEmpty() && bytes > ANSWER_BYTES) {
        break;
      }
      first.add(entry);
    }
    return first;
  }

  private CompletableFuture<ControllerReply> advance(ControllerCall.AdvanceLogStarts call) {
    List<CompletableFuture<ControllerReply.LogStartResult>> results =
        call.advances().stream().map(this::advance).toList();
    return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ ->
            new ControllerReply.LogStartsAdvanced(
                results.stream().map(CompletableFuture::join).toList()));
  }

  private CompletableFuture<ControllerReply.LogStartResult> advance(
      ControllerCall.LogStartAdvance advance) {
    return controller
        .advanceLogStart(advance.partition(), advance.leaderEpoch(), advance.offset())
        .handle((logStart, failure) ->
            failure == null
                ? new ControllerReply.LogStartResult(ApiError.NONE, logStart)
                : new ControllerReply.LogStartResult(ApiError.fromThrowable(failure), -1));
  }
}
