package io.tidemark.metadata.link;

import io.tidemark.metadata.controller.ManifestCommit;
import io.tidemark.metadata.controller.TokenChange;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * What a node asks of the voter that leads the quorum where Kafka has no message for it. Every call
 * may be repeated, unless it says otherwise.
 */
public sealed interface ControllerCall {

  /** Most commits or log starts in one call. */
  int MAX_TOGETHER = 1_000;

  /**
   * The entries after a version, or the offer of a snapshot.
   *
   * @param clusterId empty while the node does not know it
   * @param version what the node has
   * @param waitMs how long to wait when there is nothing
   */
  record Follow(String clusterId, long version, int waitMs) implements ControllerCall {}

  /** A piece of an offered snapshot. */
  record ReadSnapshot(long version, long position) implements ControllerCall {}

  record CommitManifests(List<ManifestCommit> commits) implements ControllerCall {
    public CommitManifests {
      commits = bounded(commits);
    }
  }

  record ReadManifest(TopicIdPartition partition) implements ControllerCall {}

  record AdvanceLogStarts(List<LogStartAdvance> advances) implements ControllerCall {
    public AdvanceLogStarts {
      advances = bounded(advances);
    }
  }

  /** A leader's wish to move a log start forward. */
  record LogStartAdvance(TopicIdPartition partition, int leaderEpoch, long offset) {}

  record TopicEmptied(Uuid topicId) implements ControllerCall {}

  /** The version of the image that holds everything the controller has answered so far. */
  record ReadVersion() implements ControllerCall {}

  record ChangeToken(TokenChange change) implements ControllerCall {}

  /**
   * Counts what a client has the controller do against its quota. Repeated, it is counted twice.
   *
   * @param partitions for each change how many it makes or removes
   * @param mayRefuse whether changes may be refused; else all are counted, be it as a debt
   */
  record TakeMutations(String user, String clientId, List<Integer> partitions, boolean mayRefuse)
      implements ControllerCall {
    public TakeMutations {
      partitions = List.copyOf(partitions);
    }
  }

  private static <T> List<T> bounded(List<T> together) {
    if (together.size() > MAX_TOGETHER) {
      throw new IllegalArgumentException(
          "%d together, at most %d may be".formatted(together.size(), MAX_TOGETHER));
    }
    return List.copyOf(together);
  }
}
