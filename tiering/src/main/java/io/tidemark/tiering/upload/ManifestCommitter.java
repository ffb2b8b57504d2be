package io.tidemark.tiering.upload;

import io.tidemark.tiering.manifest.CommitResult;
import io.tidemark.tiering.manifest.ManifestCommits;
import io.tidemark.tiering.manifest.ManifestPointer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Makes written manifests current through the quorum, and asks for the current one. A commit whose
 * answer was lost is committed again: the quorum answers OK to the very commit that is current
 * already, so the second answer tells what became of the first. Blocks; any virtual thread.
 */
public final class ManifestCommitter {
  /** How often one commit is sent before the round gives up and starts over from the pointer. */
  static final int ATTEMPTS = 3;

  private final ManifestCommits commits;
  private final LongSupplier nodeEpoch;
  private final BoundedWait wait;

  public ManifestCommitter(ManifestCommits commits, LongSupplier nodeEpoch, BoundedWait wait) {
    this.commits = commits;
    this.nodeEpoch = nodeEpoch;
    this.wait = wait;
  }

  /** The current pointer, read through the quorum; null when nothing was ever committed. */
  public @Nullable ManifestPointer current(TopicIdPartition partition) throws UnansweredException {
    return wait.join(commits.current(partition), "reading the manifest pointer of " + partition);
  }

  /** Moves the log start through the quorum and returns the one that holds afterwards. */
  public long advanceLogStart(TopicIdPartition partition, int leaderEpoch, long offset)
      throws UnansweredException {
    return wait.join(
        commits.advanceLogStart(partition, leaderEpoch, offset),
        "moving the log start of " + partition);
  }

  /**
   * Commits {@code next} over {@code parent}.
   *
   * @throws UnansweredException the outcome is unknown: {@code next} may be current, or become it
   *     until something else does
   */
  public CommitOutcome commit(
      TopicIdPartition partition,
      int leaderEpoch,
      @Nullable ManifestPointer parent,
      ManifestPointer next)
      throws UnansweredException {
    long parentVersion = parent == null ? ManifestCommits.NO_PARENT : parent.version();
    for (int attempt = 1; ; attempt++) {
      try {
        CommitResult result =
            wait.join(
                commits.commit(partition, leaderEpoch, nodeEpoch.getAsLong(), parentVersion, next),
                "committing manifest " + next.version() + " of " + partition);
        return outcome(result, next);
      } catch (UnansweredException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static CommitOutcome outcome(CommitResult result, ManifestPointer next) {
    return switch (result) {
      case CommitResult.Committed() -> CommitOutcome.COMMITTED;
      case CommitResult.Stale(var current) ->
          next.equals(current) ? CommitOutcome.COMMITTED : CommitOutcome.STALE;
      case CommitResult.Fenced() -> CommitOutcome.FENCED;
    };
  }
}
