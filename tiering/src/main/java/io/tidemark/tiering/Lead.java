package io.tidemark.tiering;

import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.sweep.PendingClock;
import org.jspecify.annotations.Nullable;

/**
 * What a leader knows of its partition's cold tier in one leader epoch: the manifest it saw to be
 * current, when its pending deletes may be carried out, and when it looks for what has expired and
 * for orphans. Given up whenever an outcome is unknown, and read anew through the quorum. Used by
 * the partition's turn only. Times are monotonic.
 */
final class Lead {
  private final int leaderEpoch;
  private final PendingClock pending;
  private @Nullable ManifestPointer pointer;
  private Manifest manifest;
  private long nextRetentionMs;
  private long nextSweepMs;
  private boolean hasFoundNothing;

  /** Where the oldest listed segment ends; {@link Long#MAX_VALUE} when none is listed. */
  private long oldestNextOffset;

  Lead(
      int leaderEpoch,
      @Nullable ManifestPointer pointer,
      Manifest manifest,
      long oldestNextOffset,
      PendingClock pending,
      long nextRetentionMs,
      long nextSweepMs) {
    this.leaderEpoch = leaderEpoch;
    this.pointer = pointer;
    this.manifest = manifest;
    this.oldestNextOffset = oldestNextOffset;
    this.pending = pending;
    this.nextRetentionMs = nextRetentionMs;
    this.nextSweepMs = nextSweepMs;
  }

  int leaderEpoch() {
    return leaderEpoch;
  }

  /** Null when nothing was ever committed. */
  @Nullable ManifestPointer pointer() {
    return pointer;
  }

  Manifest manifest() {
    return manifest;
  }

  PendingClock pending() {
    return pending;
  }

  void committed(
      ManifestPointer newPointer, Manifest newManifest, long newOldestNextOffset, long nowMs) {
    pointer = newPointer;
    manifest = newManifest;
    oldestNextOffset = newOldestNextOffset;
    pending.committed(newManifest.pendingDeletes(), nowMs);
  }

  long tieredOffset() {
    return manifest.tieredOffset();
  }

  boolean listsNothing() {
    return oldestNextOffset == Long.MAX_VALUE;
  }

  /** Whether a segment that is listed lies wholly below the log start. */
  boolean canDropBelow(long logStartOffset) {
    return oldestNextOffset <= logStartOffset;
  }

  boolean retentionIsDue(long nowMs) {
    return nowMs >= nextRetentionMs;
  }

  void retentionNotBefore(long timeMs) {
    nextRetentionMs = timeMs;
  }

  boolean sweepIsDue(long nowMs) {
    return nowMs >= nextSweepMs;
  }

  void swept(boolean foundNothing, long nextMs) {
    hasFoundNothing = foundNothing;
    nextSweepMs = nextMs;
  }

  /** The store holds nothing of the partition but, at most, a manifest that lists nothing. */
  boolean isSweptClean() {
    return hasFoundNothing && listsNothing() && pending.nextDueMs() == Long.MAX_VALUE;
  }

  /** What others may know of this. */
  TierState state() {
    return new TierState(
        leaderEpoch,
        manifest.firstOffset(),
        oldestNextOffset,
        manifest.tieredOffset(),
        manifest.totalBytes(),
        manifest.segmentCount(),
        Math.min(Math.min(nextRetentionMs, nextSweepMs), pending.nextDueMs()));
  }
}
