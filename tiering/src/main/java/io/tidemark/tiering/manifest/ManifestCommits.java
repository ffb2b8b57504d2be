package io.tidemark.tiering.manifest;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * The quorum as the cold tier needs it: who may make which manifest current. Futures fail when the
 * quorum could not be asked; the outcome of a commit is then unknown and committing the same
 * pointer again resolves it. Callable from any thread; never blocks.
 */
public interface ManifestCommits {
  /** Parent version of a partition's first manifest. */
  long NO_PARENT = 0;

  /**
   * Makes {@code next} (version {@code parentVersion + 1}) current if the leader epoch and the node
   * epoch are and the current version is {@code parentVersion}.
   */
  CompletableFuture<CommitResult> commit(
      TopicIdPartition partition,
      int leaderEpoch,
      long nodeEpoch,
      long parentVersion,
      ManifestPointer next);

  /** The current pointer, read linearizably; null when nothing was ever committed. */
  CompletableFuture<@Nullable ManifestPointer> current(TopicIdPartition partition);

  /** Moves the log start up to {@code offset}; answers the log start that holds afterwards. */
  CompletableFuture<Long> advanceLogStart(TopicIdPartition partition, int leaderEpoch, long offset);
}
