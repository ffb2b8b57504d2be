package io.tidemark.tiering.manifest;

import java.util.List;

/**
 * Neighbouring segments of a manifest and those that are to take their place, over the same
 * offsets; stored already, and referred to by nothing yet.
 *
 * @param old as the manifest lists them, in order; none where only {@code compactedTo} changes
 * @param fresh in order, at least one for one or more old ones
 * @param compactedTo what the manifest is to say from then on, unless it says more
 */
public record SegmentSwap(List<RemoteSegment> old, List<RemoteSegment> fresh, long compactedTo) {
  /** The manifest goes on saying what it says. */
  public static final long NOT_FURTHER = 0;

  public SegmentSwap {
    old = List.copyOf(old);
    fresh = List.copyOf(fresh);
    if (old.isEmpty() != fresh.isEmpty()
        || (!old.isEmpty() && (startOf(old) != startOf(fresh) || endOf(old) != endOf(fresh)))) {
      throw new IllegalArgumentException("%s for %s".formatted(fresh, old));
    }
  }

  private static long startOf(List<RemoteSegment> segments) {
    return segments.getFirst().baseOffset();
  }

  private static long endOf(List<RemoteSegment> segments) {
    return segments.getLast().nextOffset();
  }

  boolean touches(long firstOffset, long nextOffset) {
    return !old.isEmpty() && startOf(old) < nextOffset && firstOffset < endOf(old);
  }
}
