package io.tidemark.log.clean;

import io.tidemark.log.partition.ClosedSegment;
import java.util.ArrayList;
import java.util.List;

/** Gathers neighbouring segments that together are no larger than one may be. Pure. */
final class SegmentGroups {
  private SegmentGroups() {}

  /** All segments in order, each in one group; offsets of a group fit into an index. */
  static List<List<ClosedSegment>> of(List<ClosedSegment> segments, long maxBytes) {
    List<List<ClosedSegment>> groups = new ArrayList<>();
    List<ClosedSegment> group = new ArrayList<>();
    long bytes = 0;
    for (ClosedSegment segment : segments) {
      boolean fits =
          !group.isEmpty()
              && bytes + segment.sizeBytes() <= maxBytes
              && segment.nextOffset() - group.getFirst().baseOffset() <= Integer.MAX_VALUE;
      if (!fits) {
        group = new ArrayList<>();
        groups.add(group);
        bytes = 0;
      }
      group.add(segment);
      bytes += segment.sizeBytes();
    }
    return groups;
  }
}
