package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ManifestPointer;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link ManifestCommit}.
 *
 * @param current the manifest that is current now, whatever the outcome; null when there is none
 */
public record ManifestCommitResult(
    TopicIdPartition partition, Outcome outcome, @Nullable ManifestPointer current) {

  /** What the committer does next. */
  public enum Outcome {
    /** It is current, now or since an earlier call of the very same commit. */
    OK,
    /** Another manifest is current than the one it was made from: start again from that. */
    STALE,
    /** The leader or node epoch is not current: stop, another leads. */
    FENCED,
    /** The topic is deleted or unknown, or has no such partition: stop. */
    UNKNOWN_PARTITION,
    /** Its version is not above its parent's, or its tiered offset goes back: a bug. */
    INVALID
  }
}
