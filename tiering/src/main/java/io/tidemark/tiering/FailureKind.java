package io.tidemark.tiering;

import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.upload.UnansweredException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What can fail in the life cycle of tiers, as the log and the metrics name it. */
enum FailureKind {
  /** The store has no object that should be there. */
  STORE_NOT_FOUND,
  STORE_THROTTLED,
  STORE_DENIED,
  STORE_UNAVAILABLE,
  STORE_CORRUPT,
  /** What was to be stored could not be read. */
  STORE_CONTENT,
  /** The manifest that was built upon is no longer the current one. */
  STALE,
  CONFLICT,
  /** The quorum did not say whether a commit happened. */
  UNANSWERED,
  /** Another node leads the partition, or its topic is deleted: nothing that somebody mends. */
  FENCED,
  DISK,
  /** Looking at what is hot, or dropping it. */
  LOCAL,
  RESTART,
  /** Compacting, or merging, what is in the store. */
  REWRITE,
  TOPIC_OBJECTS,
  TOPIC_DELETION,
  UNEXPECTED;

  /** Why a partition's turn at the store ended. */
  static FailureKind of(Throwable failure) {
    return switch (failure) {
      case FencedException e -> FENCED;
      case ObjectStoreException e -> of(e.kind());
      case StaleManifestException e -> STALE;
      case ConflictException e -> CONFLICT;
      case UnansweredException e -> e.isRefusal() ? FENCED : UNANSWERED;
      case IOException e -> DISK;
      default -> UNEXPECTED;
    };
  }

  /** Why a change of what is hot failed, which the quorum may have had a part in. */
  static FailureKind ofLocal(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case UnknownTopicIdException e -> FENCED;
      case UnknownTopicOrPartitionException e -> FENCED;
      case FencedLeaderEpochException e -> FENCED;
      case NotControllerException e -> UNANSWERED;
      case TimeoutException e -> UNANSWERED;
      default -> LOCAL;
    };
  }

  private static FailureKind of(ObjectStoreException.Kind kind) {
    return switch (kind) {
      case NOT_FOUND -> STORE_NOT_FOUND;
      case THROTTLED -> STORE_THROTTLED;
      case DENIED -> STORE_DENIED;
      case UNAVAILABLE -> STORE_UNAVAILABLE;
      case CORRUPT -> STORE_CORRUPT;
      case CONTENT -> STORE_CONTENT;
    };
  }

  /** As it is written, such as {@code store-throttled}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
