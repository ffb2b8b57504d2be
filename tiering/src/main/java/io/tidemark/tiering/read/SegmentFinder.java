package io.tidemark.tiering.read;

import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.ManifestLeaf;
import io.tidemark.tiering.manifest.RemoteSegment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds segments in a manifest without waiting: what lies in a leaf that is not in memory is
 * answered by the leaf's reference. Stateless.
 */
record SegmentFinder(ManifestCache manifests) {
  /** What is known about the segment that holds an offset. */
  sealed interface Found {
    record Segment(RemoteSegment segment) implements Found {}

    /** It is listed in this leaf, which has to be read. */
    record InLeaf(LeafReference leaf) implements Found {}

    /** Nothing is listed at or above the offset. */
    record Nothing() implements Found {}
  }

  /** The segment that holds {@code offset}, or the first above it where there is a gap. */
  Found at(Manifest manifest, long offset) {
    for (LeafReference leaf : manifest.leaves()) {
      if (offset < leaf.nextOffset()) {
        ManifestLeaf held = manifests.leafIfHeld(leaf);
        return held == null ? new Found.InLeaf(leaf) : found(first(live(leaf, held), offset));
      }
    }
    return found(first(manifest.segments(), offset));
  }

  /** The live segments of a leaf. */
  static List<RemoteSegment> live(LeafReference reference, ManifestLeaf leaf) {
    return leaf.segments().subList(reference.dropped(), reference.count());
  }

  /** The first segment that ends above {@code offset}. */
  static Optional<RemoteSegment> first(List<RemoteSegment> segments, long offset) {
    int low = 0;
    int high = segments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segments.get(middle).nextOffset() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < segments.size() ? Optional.of(segments.get(low)) : Optional.empty();
  }

  /** The segment at or above {@code offset} if it is known without waiting. */
  @Nullable RemoteSegment ifHeld(Manifest manifest, long offset) {
    return at(manifest, offset) instanceof Found.Segment(RemoteSegment segment) ? segment : null;
  }

  private static Found found(Optional<RemoteSegment> segment) {
    return segment.<Found>map(Found.Segment::new).orElseGet(Found.Nothing::new);
  }
}
