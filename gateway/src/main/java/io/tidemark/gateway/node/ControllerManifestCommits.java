package io.tidemark.gateway.node;

import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.controller.ManifestCommit;
import io.tidemark.metadata.controller.ManifestCommitResult;
import io.tidemark.tiering.manifest.CommitResult;
import io.tidemark.tiering.manifest.ManifestCommits;
import io.tidemark.tiering.manifest.ManifestPointer;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * The cold tier's way to the quorum, which commits of many partitions go together. Safe from any
 * thread.
 */
final class ControllerManifestCommits implements ManifestCommits {
  private static final int MAX_COMMITS_PER_CALL = 500;

  private final Controller controller;
  private final int nodeId;
  private final Gathering<ManifestCommit, ManifestCommitResult> commits;

  ControllerManifestCommits(Controller controller, int nodeId) {
    this.controller = controller;
    this.nodeId = nodeId;
    this.commits = new Gathering<>(MAX_COMMITS_PER_CALL, controller::commitManifests);
  }

  @Override
  public CompletableFuture<CommitResult> commit(
      TopicIdPartition partition,
      int leaderEpoch,
      long nodeEpoch,
      long parentVersion,
      ManifestPointer next) {
    return commits
        .ask(
            new ManifestCommit(
                partition,
                nodeId,
                nodeEpoch,
                leaderEpoch,
                parentVersion,
                ManifestPointers.toImage(next)))
        .thenApply(ControllerManifestCommits::result);
  }

  private static CommitResult result(ManifestCommitResult outcome) {
    return switch (outcome.outcome()) {
      case OK -> new CommitResult.Committed();
      case STALE -> new CommitResult.Stale(ManifestPointers.toTier(outcome.current()));
      case FENCED, UNKNOWN_PARTITION -> new CommitResult.Fenced();
      case INVALID ->
          throw new IllegalStateException(
              "The quorum refused a manifest of " + outcome.partition());
    };
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
