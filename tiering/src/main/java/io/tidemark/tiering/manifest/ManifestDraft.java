package io.tidemark.tiering.manifest;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.tiering.store.ObjectKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The next version of a manifest in the making: the manifest as it will be, and the leaves that
 * were sealed on the way and must be stored before it. Immutable; every function returns a new
 * draft and is pure.
 */
public record ManifestDraft(ObjectKeys keys, Manifest manifest, List<ManifestLeaf> sealed) {
  public ManifestDraft {
    sealed = List.copyOf(sealed);
  }

  public static ManifestDraft from(ObjectKeys keys, Manifest current) {
    return new ManifestDraft(keys, current, List.of());
  }

  /** Room for more pending deletes. */
  public int pendingRoom() {
    return Manifest.MAX_PENDING_DELETES - manifest.pendingDeletes().size();
  }

  /**
   * Appends a segment that begins at the tiered offset (anywhere at or above it when nothing is
   * listed yet or the log start has passed it), with the log's lineage up to its end. A root that
   * is full is sealed into a leaf named {@code leafUuid} first.
   *
   * @throws IllegalArgumentException when the segment overlaps or leaves a gap
   */
  public ManifestDraft add(RemoteSegment segment, List<EpochEntry> lineage, Uuid leafUuid) {
    throw new UnsupportedOperationException();
  }

  /**
   * Drops the segments that end at or below {@code logStartOffset}, oldest first, as far as there
   * is room, and marks their objects for deletion. Segments of a leaf can be dropped when it is
   * given; one leaf per draft.
   *
   * @param oldest the content of the oldest leaf, null when there is none or it is to be left alone
   */
  public ManifestDraft dropBelow(long logStartOffset, @Nullable ManifestLeaf oldest, long nowMs) {
    throw new UnsupportedOperationException();
  }

  /** Marks objects for deletion, those already marked and those past the room left out. */
  public ManifestDraft markPending(List<String> objectKeys, long nowMs) {
    throw new UnsupportedOperationException();
  }

  /** Forgets pending deletes: their objects are gone. */
  public ManifestDraft dropPending(Set<String> objectKeys) {
    throw new UnsupportedOperationException();
  }

  /**
   * Marks the manifest that this draft was made from, which nobody needs once this is committed.
   */
  public ManifestDraft markParent(ManifestPointer parent, long nowMs) {
    return markPending(
        List.of(
            keys.manifest(
                manifest.topicId(), manifest.partition(), parent.version(), parent.uuid())),
        nowMs);
  }

  ManifestDraft with(Manifest next) {
    return new ManifestDraft(keys, next, sealed);
  }

  ManifestDraft with(Manifest next, ManifestLeaf leaf) {
    List<ManifestLeaf> all = new ArrayList<>(sealed);
    all.add(leaf);
    return new ManifestDraft(keys, next, all);
  }
}
