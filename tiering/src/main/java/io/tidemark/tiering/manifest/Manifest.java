package io.tidemark.tiering.manifest;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * All remote segments of one partition at one version, and what waits to be deleted. Immutable.
 *
 * <p>{@code leaves} then {@code segments} lie in offset order, without overlap; the last ends at
 * {@code tieredOffset}. Offsets below the first are gone. Changes are made by {@link
 * ManifestDraft}.
 *
 * @param version 0 stands for "nothing was ever committed"
 * @param parent the manifest that this one replaced
 * @param compactedTo below it no key has a value that is older than its newest below it
 * @param lineage where leader epochs begin, up to the tiered offset; entries that end below the
 *     first segment are trimmed
 */
public record Manifest(
    Uuid topicId,
    int partition,
    long version,
    Uuid uuid,
    @Nullable ManifestPointer parent,
    int leaderEpoch,
    long tieredOffset,
    long compactedTo,
    List<LeafReference> leaves,
    List<RemoteSegment> segments,
    List<EpochEntry> lineage,
    List<PendingDelete> pendingDeletes) {
  /** Segments that a root lists itself before they are sealed into a leaf. */
  public static final int LEAF_SEGMENTS = 512;

  /** Most objects that may wait for deletion; more are marked once some of these are gone. */
  public static final int MAX_PENDING_DELETES = 512;

  public Manifest {
    leaves = List.copyOf(leaves);
    segments = List.copyOf(segments);
    lineage = List.copyOf(lineage);
    pendingDeletes = List.copyOf(pendingDeletes);
  }

  /** What a partition has before its first commit. */
  public static Manifest empty(Uuid topicId, int partition) {
    return new Manifest(
        topicId,
        partition,
        ManifestCommits.NO_PARENT,
        Uuid.ZERO_UUID,
        null,
        -1,
        0,
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** Offset of the first record that is still listed; the tiered offset when there is none. */
  public long firstOffset() {
    if (!leaves.isEmpty()) {
      return leaves.getFirst().firstOffset();
    }
    return segments.isEmpty() ? tieredOffset : segments.getFirst().baseOffset();
  }

  /**
   * The lineage that this one becomes with a segment written in {@code epochs}: what a segment
   * object stores.
   */
  public List<EpochEntry> lineageWith(List<EpochEntry> epochs) {
    EpochLineage merged = EpochLineage.of(lineage);
    for (EpochEntry entry : epochs) {
      merged = merged.begin(entry.epoch(), entry.startOffset());
    }
    return merged.entries();
  }

  /** Bytes of all live segment objects. */
  public long totalBytes() {
    return leaves.stream().mapToLong(LeafReference::liveBytes).sum()
        + segments.stream().mapToLong(RemoteSegment::objectBytes).sum();
  }

  /** Number of live segments. */
  public int segmentCount() {
    return leaves.stream().mapToInt(leaf -> leaf.count() - leaf.dropped()).sum() + segments.size();
  }

  Manifest withSegments(List<LeafReference> nextLeaves, List<RemoteSegment> nextSegments) {
    return new Manifest(
        topicId,
        partition,
        version,
        uuid,
        parent,
        leaderEpoch,
        tieredOffset,
        compactedTo,
        nextLeaves,
        nextSegments,
        lineage,
        pendingDeletes);
  }

  Manifest withTieredOffset(long offset) {
    return new Manifest(
        topicId,
        partition,
        version,
        uuid,
        parent,
        leaderEpoch,
        offset,
        Math.min(compactedTo, offset),
        leaves,
        segments,
        lineage,
        pendingDeletes);
  }

  Manifest withCompactedTo(long offset) {
    return new Manifest(
        topicId,
        partition,
        version,
        uuid,
        parent,
        leaderEpoch,
        tieredOffset,
        offset,
        leaves,
        segments,
        lineage,
        pendingDeletes);
  }

  Manifest withLineage(List<EpochEntry> entries) {
    return new Manifest(
        topicId,
        partition,
        version,
        uuid,
        parent,
        leaderEpoch,
        tieredOffset,
        compactedTo,
        leaves,
        segments,
        entries,
        pendingDeletes);
  }

  Manifest withPendingDeletes(List<PendingDelete> pending) {
    return new Manifest(
        topicId,
        partition,
        version,
        uuid,
        parent,
        leaderEpoch,
        tieredOffset,
        compactedTo,
        leaves,
        segments,
        lineage,
        pending);
  }

  Manifest as(long nextVersion, Uuid nextUuid, @Nullable ManifestPointer nextParent, int epoch) {
    return new Manifest(
        topicId,
        partition,
        nextVersion,
        nextUuid,
        nextParent,
        epoch,
        tieredOffset,
        compactedTo,
        leaves,
        segments,
        lineage,
        pendingDeletes);
  }
}
