package io.tidemark.metadata.link;

import io.tidemark.metadata.controller.ManifestCommitResult;
import io.tidemark.metadata.controller.TokenChangeResult;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.quorum.Updates;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** The answer to a {@link ControllerCall}, each call its own. */
public sealed interface ControllerReply {

  /** To {@link ControllerCall.Follow}. */
  sealed interface Followed extends ControllerReply {
    /** The voter that answered, which leads the quorum. */
    int leaderId();

    long term();
  }

  /** Consecutive committed entries; none when nothing was committed in time. */
  record NextEntries(int leaderId, long term, List<Updates.Entry> entries) implements Followed {
    public NextEntries {
      entries = List.copyOf(entries);
    }
  }

  /** The entries are no longer kept: a snapshot of so many bytes is there instead. */
  record SnapshotOffer(int leaderId, long term, long version, long sizeBytes) implements Followed {}

  /**
   * Bytes of a snapshot from the position that was asked for.
   *
   * @param bytes none when that snapshot is not there any more
   */
  record SnapshotPiece(ByteBuffer bytes) implements ControllerReply {}

  /** One result for each commit, in their order. */
  record ManifestsCommitted(List<ManifestCommitResult> results) implements ControllerReply {
    public ManifestsCommitted {
      results = List.copyOf(results);
    }
  }

  /** The current manifest; null when there is none. */
  record ManifestRead(@Nullable ManifestPointer current) implements ControllerReply {}

  /** One result for each advance, in their order. */
  record LogStartsAdvanced(List<LogStartResult> results) implements ControllerReply {
    public LogStartsAdvanced {
      results = List.copyOf(results);
    }
  }

  /** The log start that holds now, unless there is an error. */
  record LogStartResult(ApiError error, long logStartOffset) {}

  record Done() implements ControllerReply {}

  record VersionRead(long version) implements ControllerReply {}

  /** To {@link ControllerCall.ChangeToken}. */
  record TokenChanged(TokenChangeResult result) implements ControllerReply {}

  /**
   * To {@link ControllerCall.TakeMutations}.
   *
   * @param taken for each change whether it may be made
   * @param waitMs until the client's debt is paid; 0 where it has none
   */
  record MutationsTaken(List<Boolean> taken, long waitMs) implements ControllerReply {
    public MutationsTaken {
      taken = List.copyOf(taken);
    }
  }

  /**
   * Why the call was refused; the error's code stands outside.
   *
   * @param leader {@code host:port} where who leads the quorum is asked; empty where it is not
   *     known
   */
  record Refused(String why, String leader) implements ControllerReply {}
}
