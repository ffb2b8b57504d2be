package io.tidemark.tiering.manifest;

import org.jspecify.annotations.Nullable;

/** The quorum's answer to a manifest commit. */
public sealed interface CommitResult {
  /** The manifest is current, by this commit or an earlier try of the very same one. */
  record Committed() implements CommitResult {}

  /** The parent is not current; {@code current} is (null: the partition has none). */
  record Stale(@Nullable ManifestPointer current) implements CommitResult {}

  /** The leader epoch or node epoch has passed: this node must stop changing the partition. */
  record Fenced() implements CommitResult {}
}
