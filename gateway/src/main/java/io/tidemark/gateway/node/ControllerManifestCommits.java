package io.tidemark.gateway.node;

import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.controller.ManifestCommit;
import io.tidemark.metadata.controller.ManifestCommitResult;
import io.tidemark.tiering.manifest.CommitResult;
import io.tidemark.tiering.manifest.ManifestCommits;
import io.tidemark.tiering.manifest.ManifestPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * The cold tier's way to the quorum. Commits that come while one call is under way are gathered and
 * go together in the next. Safe from any thread; the lock guards the list of those that wait.
 */
final class ControllerManifestCommits implements ManifestCommits {
  private static final int MAX_COMMITS_PER_CALL = 500;

  private final Controller controller;
  private final int nodeId;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean isCalling;

  private record Waiting(ManifestCommit commit, CompletableFuture<CommitResult> result) {}

  ControllerManifestCommits(Controller controller, int nodeId) {
    this.controller = controller;
    this.nodeId = nodeId;
  }

  @Override
  public CompletableFuture<CommitResult> commit(
      TopicIdPartition partition,
      int leaderEpoch,
      long nodeEpoch,
      long parentVersion,
      ManifestPointer next) {
    ManifestCommit commit =
        new ManifestCommit(
            partition,
            nodeId,
            nodeEpoch,
            leaderEpoch,
            parentVersion,
            ManifestPointers.toImage(next));
    CompletableFuture<CommitResult> result = new CompletableFuture<>();
    synchronized (this) {
      waiting.add(new Waiting(commit, result));
      if (isCalling) {
        return result;
      }
      isCalling = true;
    }
    call();
    return result;
  }

  private void call() {
    List<Waiting> together;
    synchronized (this) {
      List<Waiting> first = waiting.subList(0, Math.min(MAX_COMMITS_PER_CALL, waiting.size()));
      together = List.copyOf(first);
      first.clear();
      isCalling = !together.isEmpty();
    }
    if (together.isEmpty()) {
      return;
    }
    controller
        .commitManifests(together.stream().map(Waiting::commit).toList())
        .whenComplete((results, failure) -> {
          answer(together, results, failure);
          call();
        });
  }

  private static void answer(
      List<Waiting> together,
      @Nullable List<ManifestCommitResult> results,
      @Nullable Throwable failure) {
    for (int index = 0; index < together.size(); index++) {
      CompletableFuture<CommitResult> result = together.get(index).result();
      if (results == null) {
        result.completeExceptionally(
            failure == null ? new IllegalStateException("no results") : failure);
      } else {
        answer(results.get(index), result);
      }
    }
  }

  private static void answer(ManifestCommitResult outcome, CompletableFuture<CommitResult> result) {
    switch (outcome.outcome()) {
      case OK -> result.complete(new CommitResult.Committed());
      case STALE ->
          result.complete(new CommitResult.Stale(ManifestPointers.toTier(outcome.current())));
      case FENCED, UNKNOWN_PARTITION -> result.complete(new CommitResult.Fenced());
      case INVALID ->
          result.completeExceptionally(
              new IllegalStateException("The quorum refused a manifest of " + outcome.partition()));
    }
  }

  @Override
  public CompletableFuture<@Nullable ManifestPointer> current(TopicIdPartition partition) {
    return controller
        .currentManifest(partition)
        .thenApply(pointer -> ManifestPointers.toTier(pointer.orElse(null)));
  }

  @Override
  public CompletableFuture<Long> advanceLogStart(
      TopicIdPartition partition, int leaderEpoch, long offset) {
    return controller.advanceLogStart(partition, leaderEpoch, offset);
  }
}
